using ResNet.Dsl;
using ResNet.Runtime;
using ResNet.Runtime.Data;
using ResNet.Runtime.Evaluation;
using ResNet.Runtime.Training;

// Teaches a network that was trained on CIFAR-10 other classes: a new last layer at the full learning rate, the third stage
// at a tenth of it, everything before as it is:
//   dotnet run --project examples/FineTune

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

using var net = new FiveShapes { Labels = [.. Shapes10.Names.Take(FiveShapes.Classes)] };
var (labels, weights) = (net.Labels, Path.Combine(AppContext.BaseDirectory, "cifar-resnet20.safetensors"));
net.Load(weights, replaceHead: true);
net.Labels = labels;

// With a folder of images per class: ImageDataset.Open("photos", DatasetSplit.Train, net.Labels).InMemory()
var train = new FirstClasses(new Shapes10(8_000), FiveShapes.Classes);
var test = new FirstClasses(new Shapes10(2_000, DatasetSplit.Test), FiveShapes.Classes);
using var batches = new DataLoader(train, new CropAndFlip { Padding = 2, Normalization = net.Preprocessing }, new() { BatchSize = 64 });
using var trainer = new Trainer(net, batches, new()
{
    Epochs = 4,
    Schedule = new CosineSchedule(0.1),
    FreezeThrough = "layer2",
    RateFactors = [new("layer3", 0.1)],
})
{
    Validate = trained => Evaluator.Evaluate(trained, test).Top1Accuracy,
    Observers = [new ConsoleLog()],
};
return trainer.Run(stop.Token).Cancelled ? 130 : 0;

[CifarResNet(Depth = 20, Classes = Classes)]
public partial class FiveShapes
{
    public const int Classes = 5;
}

/// <summary>The images of a data set's first classes: a data set of one's own is a class with a few members.</summary>
sealed class FirstClasses(ImageDataset all, int classes) : ImageDataset
{
    readonly int[] _indices = [.. Enumerable.Range(0, all.Count).Where(index => all.ClassOf(index) < classes)];

    public override string Description => $"{classes} classes of {all.Description}";

    public override IReadOnlyList<string> Classes { get; } = [.. all.Classes.Take(classes)];

    public override int Count => _indices.Length;

    public override int ClassOf(int index) => all.ClassOf(_indices[index]);

    public override string NameOf(int index) => all.NameOf(_indices[index]);

    public override Image Load(int index) => all.Load(_indices[index]);
}

sealed class ConsoleLog : ITrainingObserver
{
    public void OnEpoch(EpochMetrics metrics) => Console.WriteLine(
        $"epoch {metrics.Epoch}: loss {metrics.Loss:F3}, test accuracy {metrics.Validation:P2}, {metrics.Seconds:F1} s");
}
