using ResNet.Dsl;
using ResNet.Runtime;
using ResNet.Runtime.Data;
using ResNet.Runtime.Evaluation;
using ResNet.Runtime.Training;

// Trains the paper's ResNet-20 on drawn shapes, on the graphics processor where there is one:
//   dotnet run --project examples/TrainOnGpu

using var gpu = OpenGpu();
using var net = new ShapeResNet20(gpu) { Labels = Shapes10.Names };
Console.WriteLine($"{net.Device.Name}, {ShapeResNet20.ParameterCount:N0} parameters");

var test = new Shapes10(1_000, DatasetSplit.Test);
using var batches = new DataLoader(
    new Shapes10(10_000), new CropAndFlip { Padding = 2, Normalization = net.Preprocessing }, new() { BatchSize = 64 });
using var trainer = new Trainer(net, batches, new() { Epochs = 3, Schedule = new OneCycleSchedule(0.05), WeightDecay = 5e-4 })
{
    Validate = trained => Evaluator.Evaluate(trained, test).Top1Accuracy,
    Observers = [new EpochLog()],
};
trainer.Run();

// A machine without a driver, or a build without ILGPU, trains as well, only slower.
static GpuDevice? OpenGpu()
{
    try
    {
        return GpuDevice.Best();
    }
    catch (GpuException exception)
    {
        Console.WriteLine($"On the CPU: {exception.Message}");
        return null;
    }
}

[CifarResNet(Depth = 20)]
public partial class ShapeResNet20;

sealed class EpochLog : ITrainingObserver
{
    public void OnEpoch(EpochMetrics metrics) =>
        Console.WriteLine($"epoch {metrics.Epoch}: loss {metrics.Loss:F3}, test accuracy {metrics.Validation:P2}, {metrics.Seconds:F1} s");
}
