using ResNet.Runtime;
using ResNet.Runtime.Data;
using ResNet.Runtime.Runs;
using ResNet.Runtime.Training;
using ResNet.Zoo;

// Teaches a ResNet-18 with ImageNet's weights the classes of a folder with a folder of photos per class, and names what another photo shows:
//   dotnet run --project examples/FineTune -- photos photo.jpg

var data = DatasetSplits.Open(args[0]);
using var net = await Models.ResNet18.CreatePretrainedAsync(data.Train.Classes.Count);
var run = new TrainingRun(net, data.Train, data.Validation, Recipe.FineTune.Apply(new RunSettings()), "runs/fine-tune");
run.Observers.Add(new EpochLog());
foreach (var warning in run.Warnings) Console.WriteLine(warning);
run.Run(resume: run.CanResume);

using var classifier = Classifier.Open(run.Folder);
foreach (var prediction in classifier.Classify(Image.Load(args[1]))) Console.WriteLine(prediction);

sealed class EpochLog : ITrainingObserver
{
    public void OnEpoch(EpochMetrics metrics) => Console.WriteLine($"epoch {metrics.Epoch}: loss {metrics.Loss:F3}, validation {metrics.Validation:P2}, {metrics.Seconds:F0} s");
}
