using ResNet.Dsl;
using ResNet.Runtime;
using ResNet.Runtime.Data;
using ResNet.Runtime.Evaluation;
using ResNet.Runtime.Training;

// Declares a small residual network, trains it on drawn shapes, says how good it is, saves it, loads it again and shows
// what it makes of a few images:
//   dotnet run --project examples/Quickstart

const int epochs = 9;
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

using var net = new ShapeNet { Labels = Shapes10.Names };
var test = new Shapes10(2_000, DatasetSplit.Test);
using var batches = new DataLoader(
    new Shapes10(10_000), new CropAndFlip { Padding = 2, Normalization = net.Preprocessing }, new() { BatchSize = 64 });
using var trainer = new Trainer(net, batches, new() { Epochs = epochs, Schedule = new OneCycleSchedule(0.2), WeightDecay = 5e-4 })
{
    Validate = trained => Evaluator.Evaluate(trained, test).Top1Accuracy,
    Observers = [new ConsoleLog(batches.Batches)],
};

Console.WriteLine($"{ShapeNet.ParameterCount:N0} parameters, {net.Device.Name}");
if (trainer.Run(stop.Token).Cancelled) return 130;

net.Save("shapes10.safetensors");
using var loaded = new ShapeNet();
loaded.Load("shapes10.safetensors");
var tiles = Enumerable.Range(0, 12).Select(index =>
{
    var (image, shape) = (test.Load(index), Shapes10.Names[test.ClassOf(index)]);
    var answer = loaded.Classify(image, top: 1)[0];
    Console.WriteLine($"{test.NameOf(index)}, a {shape}: {answer}");
    return (image, $"{answer.Label} {answer.Probability:P0}", answer.Label == shape);
}).ToList();
Picture.Save("shapes10.svg", tiles);
Console.WriteLine("Saved the weights as shapes10.safetensors and the pictures as shapes10.svg");
return 0;

[Network]
public partial class ShapeNet
{
    static void Define(NetworkBuilder net) => net
        .Input(3, 32, 32)
        .Conv(16, kernel: 3, padding: 1).BatchNorm().Relu()
        .Residual(r => Block(r, 32, stride: 2), Shortcut.Projection)
        .Residual(r => Block(r, 64, stride: 2), Shortcut.Projection)
        .Residual(r => Block(r, 128, stride: 2), Shortcut.Projection)
        .GlobalAveragePool().Dense(10);

    static void Block(NetworkBuilder r, int channels, int stride) => r
        .Conv(channels, kernel: 3, stride: stride, padding: 1).BatchNorm().Relu()
        .Conv(channels, kernel: 3, padding: 1).BatchNorm();
}

/// <summary>A line that follows the steps, and one that stays per epoch.</summary>
sealed class ConsoleLog(int batches) : ITrainingObserver
{
    public void OnStep(StepMetrics metrics)
    {
        if (!Console.IsOutputRedirected && metrics.Batch % 10 == 0)
            Console.Write($"\repoch {metrics.Epoch}, step {metrics.Batch} of {batches}, loss {metrics.Loss:F3}, {metrics.ImagesPerSecond:F0} images/s  ");
    }

    public void OnEpoch(EpochMetrics metrics) =>
        Console.WriteLine($"\repoch {metrics.Epoch}: loss {metrics.Loss:F3}, test accuracy {metrics.Validation:P2}, {metrics.Seconds:F1} s          ");
}
