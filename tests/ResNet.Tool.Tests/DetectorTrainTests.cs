using System.Text.Json;
using ResNet.Runtime;
using ResNet.Runtime.Data;

namespace ResNet.Tool.Tests;

/// <summary><c>train</c> and <c>evaluate</c> of detectors.</summary>
public sealed class DetectorTrainTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly string _data;

    public DetectorTrainTests() => _data = DrawnScenes.WriteVoc(_folder, train: 12, test: 5);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_leaves_weights_logs_pictures_and_a_report_that_agree()
    {
        var run = _folder.File("run");
        var report = await RunJsonAsync("--out", run, "--epochs", "2");

        Assert.Equal((6, 2), (report.GetProperty("steps").GetInt32(), report.GetProperty("epochs").GetInt32()));
        var steps = File.ReadAllLines(Path.Combine(run, "steps.csv"));
        Assert.Equal("step,epoch,batch,loss,objectness,proposal_boxes,classes,boxes,learning_rate,gradient_norm,images_per_second", steps[0]);
        Assert.Equal(7, steps.Length);
        Assert.Equal("step,epoch,loss,objectness,proposal_boxes,classes,boxes,map,learning_rate,seconds", File.ReadAllLines(Path.Combine(run, "epochs.csv"))[0]);
        Assert.Single(Directory.GetFiles(run, "events.out.tfevents.*"));
        Assert.Contains("\"batch\": 4", File.ReadAllText(Path.Combine(run, "run.json")), StringComparison.Ordinal);
        Assert.Contains("PASCAL VOC", File.ReadAllText(Path.Combine(run, "report.html")), StringComparison.Ordinal);
        // As many as there are images to validate on.
        Assert.Equal(Enumerable.Range(1, 5).Select(number => Path.Combine(run, $"found-{number}.png")), report.GetProperty("drawings").EnumerateArray().Select(one => one.GetString()));
        // Small pictures are enlarged, so that labels leave something to see.
        Assert.Equal((384, 384), (Image.Load(Path.Combine(run, "found-5.png")).Width, Image.Load(Path.Combine(run, "found-5.png")).Height));

        // The run's figures are those of its weights, and a file of weights says its detector.
        foreach (var (weights, property) in new[] { ("best", "bestMap"), ("last", "lastMap") })
        {
            var evaluated = await Tool.RunJsonWithProgressAsync("evaluate", Path.Combine(run, $"{weights}.safetensors"), "--data", _data, "--threads", "1", "--report", _folder.File("evaluated.html"));
            Assert.Equal(report.GetProperty(property).GetDouble(), evaluated.GetProperty("map").GetDouble());
            Assert.Equal((5, 6), (evaluated.GetProperty("images").GetInt32(), evaluated.GetProperty("classes").GetArrayLength()));
            Assert.InRange(evaluated.GetProperty("coco").GetProperty("ap50").GetDouble(), 0, 1);
        }
        Assert.Contains("COCO", (await Tool.RunAsync("evaluate", run, "--data", _data, "--threads", "1")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Progress_has_the_four_losses_and_the_precision_of_every_epoch()
    {
        var (exitCode, output, error) = await Tool.RunAsync(Args("--out", _folder.File("run"), "--epochs", "1"));
        Assert.True(exitCode == 0, error);
        Assert.Matches(@"epoch 1/1: rpn \d\.\d{3} \+ \d\.\d{3}, head \d\.\d{3} \+ \d\.\d{3}, validation mAP \d+\.\d\d %, rate .*, \d+ s\n", error);
        Assert.Matches(@"^3 steps in 1 epochs\nlast  mAP .*last\.safetensors\nbest  mAP .*, epoch 1\nfound in pictures: .*found-1\.png to found-5\.png", output);
    }

    [Fact]
    public async Task A_cancelled_run_goes_on_to_the_same_bits()
    {
        await RunJsonAsync("--out", _folder.File("whole"), "--epochs", "2", "--seed", "5");

        using var cancellation = new CancellationTokenSource();
        using var error = new WriterThatCancels("epoch 1/2", cancellation);
        var exitCode = await ResNetCommand.RunAsync(Args("--out", _folder.File("cut"), "--epochs", "2", "--seed", "5"), new(TextWriter.Null, error), cancellation.Token);
        Assert.Equal(130, exitCode);
        Assert.Contains($"go on with: resnet train shapes-detector --out {_folder.File("cut")} --resume", error.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("cut/report.html")));

        var report = await Tool.RunJsonWithProgressAsync("train", "shapes-detector", "--out", _folder.File("cut"), "--resume", "--threads", "1");
        Assert.Equal(2, report.GetProperty("epochs").GetInt32());
        Assert.Equal(File.ReadAllBytes(_folder.File("whole/best.safetensors")), File.ReadAllBytes(_folder.File("cut/best.safetensors")));
        Assert.Equal(WithoutClock(_folder.File("whole/steps.csv")), WithoutClock(_folder.File("cut/steps.csv")));
    }

    [Fact]
    public async Task A_detector_of_the_papers_starts_from_a_classifier_at_other_sizes()
    {
        using (var classifier = Zoo.Models.ResNet18.Create()) classifier.Save(_folder.File("resnet18.safetensors"));
        // Two pictures are enough: 128 regions of each go through a stage of ResNet-18.
        _folder.Write("voc/ImageSets/Main/trainval.txt", "trainval0\ntrainval1\n");
        _folder.Write("voc/ImageSets/Main/test.txt", "test0\n");
        var names = DetectionDataset.Open(_data, DatasetSplit.Train).Classes;
        var run = _folder.File("run");
        await Tool.RunJsonWithProgressAsync("train", "fasterrcnn-resnet18", "--data", _data, "--backbone", _folder.File("resnet18.safetensors"), "--image-size", "224,256",
            "--anchors", "32,64", "--freeze", "layer1", "--epochs", "1", "--batch", "2", "--lr", "1e-3", "--invalid-boxes", "skip", "--out", run);
        using var detector = Detector.Open(run);
        Assert.Equal((names.Count, 224, 256), (detector.Definition.Settings.Classes, detector.Definition.Settings.ShorterSide, detector.Definition.Settings.LongerSide));
        Assert.Equal([32.0, 64], detector.Definition.Settings.AnchorSizes);
        Assert.Equal(names, detector.Labels);
        using var start = Network.Open(_folder.File("resnet18.safetensors"));
        bool IsSame(string name) => detector.Trunk.Parameters[name].Read().SequenceEqual(start.Parameters[name].Read());
        Assert.True(IsSame("layer1.1.conv2.weight"));
        Assert.False(IsSame("layer2.0.conv1.weight"));
    }

    [Fact]
    public async Task A_dry_run_says_what_was_found_and_what_the_run_takes()
    {
        var run = _folder.File("run");
        var report = await RunJsonAsync("--out", run, "--epochs", "3", "--dry-run");
        Assert.Equal((12, 5), (report.GetProperty("trainImages").GetInt32(), report.GetProperty("validationImages").GetInt32()));
        Assert.Equal((4, 3, 3), (report.GetProperty("batch").GetInt32(), report.GetProperty("stepsPerEpoch").GetInt32(), report.GetProperty("epochs").GetInt32()));
        var data = DetectionDataset.Open(_data, DatasetSplit.Train);
        Assert.Equal(Enumerable.Range(0, data.Count).Sum(index => data.Objects(index).Count), report.GetProperty("classes").EnumerateArray().Sum(one => one.GetProperty("train").GetInt32()));
        // More than the values of four images and their regions, less than all of a small machine.
        Assert.InRange(report.GetProperty("memoryBytes").GetInt64(), 4 << 20, 2L << 30);
        Assert.True(report.GetProperty("seconds").GetDouble() > 9 * report.GetProperty("secondsPerStep").GetDouble());
        Assert.False(Directory.Exists(run));
    }

    [Theory]
    [InlineData(2, "--augment: shapes-detector is a detector", "shapes-detector", "--augment", "none")]
    [InlineData(2, "--recipe: shapes-detector is a detector", "shapes-detector", "--recipe", "fine-tune")]
    [InlineData(2, "--backbone: resnet18 is a classifier", "resnet18", "--backbone", "x.pth")]
    [InlineData(2, "--anchors: expected sides above 0", "shapes-detector", "--anchors", "16,x")]
    [InlineData(2, "--invalid-boxes: expected fail, skip, found \"drop\"", "shapes-detector", "--invalid-boxes", "drop")]
    [InlineData(2, "--image-size: expected 160 or 160x224", "shapes-detector", "--image-size", "300,")]
    [InlineData(1, "--image-size: expected 300 or 300,500", "shapes-detector", "--image-size", "300x500")]
    [InlineData(1, "--image-size: expected 160 or 160x224", "resnet18", "--image-size", "300,500")]
    [InlineData(1, "nowhere", "shapes-detector", "--data", "nowhere")]
    [InlineData(1, "nowhere.pth", "shapes-detector", "--weights", "nowhere.pth")]
    [InlineData(1, "--backbone and --weights exclude", "shapes-detector", "--weights", "a.pth", "--backbone", "b.pth")]
    [InlineData(1, "An anchor of 256×256", "fasterrcnn-resnet18", "--image-size", "100")]
    [InlineData(1, "layer9", "shapes-detector", "--freeze", "layer9")]
    [InlineData(1, "no run to resume", "shapes-detector", "--resume")]
    [InlineData(2, "did you mean fasterrcnn-resnet50", "fasterrcn-resnet50")]
    public async Task What_cannot_be_is_said_before_anything_is_written(int exitCode, string expected, params string[] args)
    {
        var run = _folder.File("run");
        Assert.Contains(expected, await Tool.RunFailingAsync(exitCode, ["train", .. args, "--out", run]), StringComparison.Ordinal);
        Assert.False(Directory.Exists(run));
    }

    [Fact]
    public async Task A_box_that_is_none_is_an_error_that_names_it_or_left_out()
    {
        var annotation = _folder.File("voc/Annotations/trainval0.xml");
        File.WriteAllText(annotation, File.ReadAllText(annotation).Replace("</annotation>",
            "<object><name>disk</name><bndbox><xmin>9</xmin><ymin>9</ymin><xmax>5</xmax><ymax>20</ymax></bndbox></object></annotation>", StringComparison.Ordinal));
        Assert.Contains(annotation, await Tool.RunFailingAsync(1, Args("--out", _folder.File("run"))), StringComparison.Ordinal);
        var (exitCode, _, error) = await Tool.RunAsync(Args("--out", _folder.File("run"), "--epochs", "1", "--invalid-boxes", "skip"));
        Assert.True(exitCode == 0, error);
        Assert.Contains("warning: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_is_neither_overwritten_nor_mistaken_for_a_classifiers()
    {
        var run = _folder.File("run");
        await RunJsonAsync("--out", run, "--epochs", "1");
        Assert.Contains("--resume", await Tool.RunFailingAsync(1, Args("--out", run)), StringComparison.Ordinal);
        Assert.Contains("a run of shapes-detector, not of resnet18", await Tool.RunFailingAsync(1, "train", "resnet18", "--out", run, "--resume"), StringComparison.Ordinal);
        Assert.Contains("other options", await Tool.RunFailingAsync(1, "train", "shapes-detector", "--out", run, "--resume", "--lr", "0.3"), StringComparison.Ordinal);
        Assert.Contains("--tta: ", await Tool.RunFailingAsync(2, "evaluate", run, "--data", _data, "--tta", "flip"), StringComparison.Ordinal);
        Assert.Contains("is a detector, of which one", await Tool.RunFailingAsync(1, "evaluate", run, run, "--data", _data), StringComparison.Ordinal);
    }

    string[] Args(params string[] more) => ["train", "shapes-detector", "--data", _data, "--batch", "4", "--threads", "1", .. more];

    Task<JsonElement> RunJsonAsync(params string[] more) => Tool.RunJsonWithProgressAsync(Args(more));

    static string WithoutClock(string path) => string.Join('\n', File.ReadAllLines(path).Select(row => row[..row.LastIndexOf(',')]));
}
