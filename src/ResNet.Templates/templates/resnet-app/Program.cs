using ResNet.Dsl;
using ResNet.Runtime;
using ResNet.Runtime.Data;
using ResNet.Runtime.Evaluation;
using ResNet.Runtime.Training;

// Trains a residual network on shapes that are drawn on the fly, and saves it:
//   dotnet run
// Classifies pictures with the saved network:
//   dotnet run -- picture.png
// To learn from photos of your own, open a folder that has a folder of photos for each class: ImageDataset.Open("photos", DatasetSplit.Train).

const string weights = "shapes.safetensors";
using var net = new ShapeNet { Labels = [.. Shapes10.Names.Take(ShapeNet.ClassCount)] };
if (args.Length == 0)
{
    Train();
}
else
{
    net.Load(weights);
    foreach (var path in args) Console.WriteLine($"{path}: {net.Classify(Image.Load(path), top: 1)[0]}");
}

void Train()
{
    var test = Shapes(2_000, DatasetSplit.Test);
    using var batches = new DataLoader(
        Shapes(10_000, DatasetSplit.Train), new CropAndFlip { Padding = 2, Normalization = net.Preprocessing }, new() { BatchSize = 64 });
    using var trainer = new Trainer(net, batches, new() { Epochs = 6, Schedule = new OneCycleSchedule(0.2), WeightDecay = 5e-4 })
    {
        Validate = trained => Evaluator.Evaluate(trained, test).Top1Accuracy,
        Observers = [new ConsoleLog()],
    };
    Console.WriteLine($"{ShapeNet.ParameterCount:N0} parameters, {net.Device.Name}");
    trainer.Run();

    net.Save(weights);
    for (var i = 0; i < 5; i++) Console.WriteLine($"a {net.Labels[test.ClassOf(i)]}: {net.Classify(test.Load(i), top: 1)[0]}");
    Console.WriteLine($"Saved the network as {weights}");
}

// Ten shapes take turns; the network knows the first ones.
static ImageDataset Shapes(int count, DatasetSplit split)
{
    var all = new Shapes10(count, split);
    return all.Subset([.. Enumerable.Range(0, count).Where(index => all.ClassOf(index) < ShapeNet.ClassCount)]);
}

// The compiler writes the other half of the class: open the generated code in your editor. Change the depth to 21, and see the error under it.
[CifarResNet(Depth = NETWORK_DEPTH, Classes = CLASS_COUNT)]
public partial class ShapeNet;

sealed class ConsoleLog : ITrainingObserver
{
    public void OnEpoch(EpochMetrics metrics) =>
        Console.WriteLine($"epoch {metrics.Epoch}: loss {metrics.Loss:F3}, test accuracy {metrics.Validation:P2}, {metrics.Seconds:F1} s");
}
