using System.Text.Json;
using System.Xml.Linq;
using ResNet.Runtime;
using ResNet.Runtime.Data;
using ResNet.Zoo;

namespace ResNet.Tool.Tests;

public sealed class TrainTests : IDisposable
{
    const int TrainingImages = 200, TestImages = 60;

    readonly TemporaryFolder _folder = new();
    readonly string _data;

    public TrainTests()
    {
        _data = _folder.File("data");
        for (var batch = 1; batch <= 5; batch++)
            _folder.Write($"data/data_batch_{batch}.bin", Tool.DrawnCifar(TrainingImages / 5, DatasetSplit.Train, (ulong)batch));
        _folder.Write("data/test_batch.bin", Tool.DrawnCifar(TestImages, DatasetSplit.Test, 0));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_leaves_checkpoints_logs_a_curve_and_its_settings()
    {
        var report = await RunJsonAsync("--out", _folder.File("run"), "--epochs", "2");

        Assert.Equal((14, 2), (report.GetProperty("steps").GetInt32(), report.GetProperty("epochs").GetInt32()));
        Assert.False(report.GetProperty("cancelled").GetBoolean());
        Assert.Equal(15, File.ReadAllLines(_folder.File("run/steps.csv")).Length);
        Assert.Equal(3, File.ReadAllLines(_folder.File("run/epochs.csv")).Length);
        Assert.Equal("svg", XDocument.Load(_folder.File("run/curve.svg")).Root!.Name.LocalName);
        Assert.Single(Directory.GetFiles(_folder.File("run"), "events.out.tfevents.*"));
        Assert.Contains("\"schedule\": \"one-cycle\"", File.ReadAllText(_folder.File("run/run.json")), StringComparison.Ordinal);

        // What the run says of its weights is what they do.
        foreach (var (weights, property) in new[] { ("best", "bestAccuracy"), ("last", "lastAccuracy") })
        {
            var evaluated = await Tool.RunJsonWithProgressAsync(
                "evaluate", "cifar-resnet20", "--weights", _folder.File($"run/{weights}.safetensors"), "--data", _data, "--threads", "1");
            Assert.Equal(report.GetProperty(property).GetDouble(), evaluated.GetProperty("top1").GetDouble());
        }
    }

    [Fact]
    public async Task Plain_lines_tell_of_every_epoch_and_the_result_names_the_files()
    {
        var (exitCode, output, error) = await Tool.RunAsync(Args("--out", _folder.File("run"), "--epochs", "2"));
        Assert.Equal(0, exitCode);
        Assert.Matches(@"epoch 1/2: loss \d\.\d{4}, training \d+\.\d\d %, validation \d+\.\d\d %, rate .*\nepoch 2/2: ", error);
        Assert.StartsWith("14 steps in 2 epochs\nlast  ", output, StringComparison.Ordinal);
        Assert.Contains(_folder.File("run/best.safetensors"), output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_run_says_how_to_go_on_and_ends_with_the_same_bits()
    {
        await RunJsonAsync("--out", _folder.File("whole"), "--epochs", "3", "--average", "0.9", "--seed", "5");

        using var cancellation = new CancellationTokenSource();
        using var error = new WriterThatCancels("epoch 1/3", cancellation);
        using var output = new StringWriter();
        var exitCode = await ResNetCommand.RunAsync(
            Args("--out", _folder.File("cut"), "--epochs", "3", "--average", "0.9", "--seed", "5"), new(output, error), cancellation.Token);
        Assert.Equal(130, exitCode);
        Assert.Contains("in 1 epochs", output.ToString(), StringComparison.Ordinal);
        Assert.Contains($"go on with: resnet train cifar-resnet20 --out {_folder.File("cut")} --resume", error.ToString(), StringComparison.Ordinal);

        // Neither data nor any other setting is said again.
        var report = await Tool.RunJsonWithProgressAsync("train", "cifar-resnet20", "--out", _folder.File("cut"), "--resume", "--threads", "1");
        Assert.Equal(3, report.GetProperty("epochs").GetInt32());
        foreach (var file in new[] { "best.safetensors", "steps.csv" })
            Assert.Equal(Comparable(_folder.File($"whole/{file}")), Comparable(_folder.File($"cut/{file}")));
    }

    [Theory]
    [InlineData("scale-jitter+color")]
    [InlineData("scale-aspect")]
    [InlineData("none")]
    public async Task Every_augmentation_trains_with_the_papers_mean_too_and_the_mean_stays_with_the_weights(string augmentation)
    {
        var report = await RunJsonAsync("--out", _folder.File("run"), "--recipe", "paper-cifar", "--epochs", "1", "--augment", augmentation);
        using var network = new CifarResNet20();
        network.Load(_folder.File("run/last.safetensors"));
        Assert.NotNull(network.Preprocessing.PixelMean);
        Assert.Equal([1, 1, 1], network.Preprocessing.Deviation);
        var evaluated = await Tool.RunJsonWithProgressAsync(
            "evaluate", "cifar-resnet20", "--weights", _folder.File("run/last.safetensors"), "--data", _data, "--threads", "1");
        Assert.Equal(report.GetProperty("lastAccuracy").GetDouble(), evaluated.GetProperty("top1").GetDouble());
    }

    [Theory]
    [InlineData("0.2", 32, 8)]
    [InlineData("0.5", 20, 20)]
    [InlineData("0", 40, 0)]
    public async Task Of_a_folder_without_test_images_a_share_of_each_class_is_validated_on(string share, int train, int validation)
    {
        var photos = Tool.DrawPhotos(_folder, classes: 4, images: 10);
        var report = await Tool.RunJsonWithProgressAsync(
            "train", "cifar-resnet20", "--data", photos, "--validation-split", share, "--batch", "8", "--dry-run", "--threads", "1", "--out", _folder.File("run"));
        Assert.Equal((train, validation), (report.GetProperty("trainImages").GetInt32(), report.GetProperty("validationImages").GetInt32()));
        Assert.All(report.GetProperty("classes").EnumerateArray(), one =>
            Assert.Equal((train / 4, validation / 4), (one.GetProperty("train").GetInt32(), one.GetProperty("validation").GetInt32())));
        Assert.Equal(validation == 0, report.GetProperty("warnings").EnumerateArray().Any(warning => warning.GetString()!.Contains("validate on", StringComparison.Ordinal)));
        Assert.Equal((train + 7) / 8, report.GetProperty("stepsPerEpoch").GetInt32());
        Assert.False(Directory.Exists(_folder.File("run")));
    }

    [Fact]
    public async Task A_dry_run_says_in_text_what_it_found()
    {
        var (exitCode, output, error) = await Tool.RunAsync(
            "train", "cifar-resnet20", "--data", Tool.DrawPhotos(_folder, classes: 3, images: 7), "--batch", "17", "--dry-run", "--out", _folder.File("run"));
        Assert.True(exitCode == 0, error);
        Assert.Contains("warning: The last batch of an epoch has one image (18 in batches of 17)", error, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^cifar-resnet20, input 3×32×32, on CPU", output);
        Assert.Matches(@"(?m)^training +18 images", output);
        Assert.Matches(@"(?m)^validation +3 images", output);
        Assert.Matches(@"(?m)^steps +2 per epoch of batches of 17, 30 epochs, 60 in all$", output);
        Assert.Matches(@"(?m)^memory +\d+ MiB$", output);
        Assert.Matches(@"(?m)^time +\d+:\d\d:\d\d, at \d+ ms per step$", output);
    }

    [Fact]
    public async Task Photos_are_fine_tuned_and_what_is_saved_needs_no_name()
    {
        var photos = Tool.DrawPhotos(_folder, classes: 3, images: 10);
        var run = _folder.File("run");
        var report = await Tool.RunJsonWithProgressAsync(
            "train", "cifar-resnet20", "--data", photos, "--weights", "pretrained", "--epochs", "2", "--threads", "1", "--out", run);
        var settings = File.ReadAllText(Path.Combine(run, "run.json"));
        Assert.Contains("\"backboneRate\": 0.1", settings, StringComparison.Ordinal);
        Assert.Contains("\"patience\": 3", settings, StringComparison.Ordinal);

        var image = Directory.GetFiles(Path.Combine(photos, Shapes10.Names[0]))[0];
        var best = Path.Combine(run, "best.safetensors");
        foreach (var named in new[] { run, best })
        {
            var classified = await Tool.RunJsonAsync("classify", named, image);
            var labels = classified.GetProperty("images")[0].GetProperty("predictions").EnumerateArray().Select(one => one.GetProperty("label").GetString());
            Assert.Equal(Shapes10.Names.Take(3).Order(), labels.Order());
        }
        var evaluated = await Tool.RunJsonWithProgressAsync("evaluate", run, "--data", photos);
        Assert.Equal(30, evaluated.GetProperty("images").GetInt32());
        Assert.Equal("3", (await Tool.RunJsonAsync("summary", run)).GetProperty("output").GetString());
        Assert.Equal(best, (await Tool.RunJsonWithProgressAsync("bench", best, "--seconds", "0", "--threads", "1")).GetProperty("model").GetString());

        // The statistics are those of the trained weights, and the head is new.
        using var network = Network.Open(best);
        Assert.Equal(report.GetProperty("bestAccuracy").GetDouble(), network.Metrics["top1"]);
        using var trained = new CifarResNet20();
        trained.Load(Path.Combine(AppContext.BaseDirectory, "weights", "cifar-resnet20.safetensors"));
        Assert.Equal(trained.Parameters.ReadStatistics(), network.Parameters.ReadStatistics());
    }

    [Fact]
    public async Task The_input_has_the_size_that_is_asked_for()
    {
        var run = _folder.File("run");
        await Tool.RunJsonWithProgressAsync(
            "train", "cifar-resnet20", "--data", Tool.DrawPhotos(_folder, classes: 2, images: 5), "--image-size", "24x40", "--weights", "pretrained", "--batch", "3",
            "--epochs", "1", "--drop-last", "--patience", "1", "--freeze-statistics", "--backbone-lr", "0.5", "--threads", "1", "--out", run);
        Assert.Equal("3×24×40", (await Tool.RunJsonAsync("summary", run)).GetProperty("input").GetString());
        Assert.Equal(3, File.ReadAllLines(Path.Combine(run, "steps.csv")).Length);
        // A resumed run knows its size.
        var resumed = await Tool.RunJsonWithProgressAsync("train", "cifar-resnet20", "--resume", "--epochs", "2", "--threads", "1", "--out", run);
        Assert.Equal(4, resumed.GetProperty("steps").GetInt32());
    }

    [Fact]
    public async Task Grey_pictures_are_learned_and_classified()
    {
        var (photos, run) = (Tool.DrawPhotos(_folder, classes: 2, images: 5), _folder.File("run"));
        await Tool.RunJsonWithProgressAsync(
            "train", "cifar-resnet20", "--data", photos, "--input-channels", "1", "--batch", "4", "--epochs", "1", "--threads", "1", "--out", run);
        Assert.Equal("1×32×32", (await Tool.RunJsonAsync("summary", run)).GetProperty("input").GetString());
        Assert.Equal(10, (await Tool.RunJsonWithProgressAsync("evaluate", run, "--data", photos)).GetProperty("images").GetInt32());
    }

    [Theory]
    [InlineData("0"), InlineData("x"), InlineData("12x"), InlineData("3x4x5"), InlineData("-32")]
    public async Task A_size_that_is_none_is_an_error_of_usage(string size) =>
        Assert.Contains("--image-size: expected 160 or 160x224", await Tool.RunFailingAsync(2, Args("--image-size", size)), StringComparison.Ordinal);

    [Fact]
    public async Task A_folder_that_is_no_run_is_named()
    {
        Assert.Contains("best.safetensors or last.safetensors", await Tool.RunFailingAsync(1, "summary", _folder.Path), StringComparison.Ordinal);
        Assert.Contains("none.safetensors", await Tool.RunFailingAsync(1, "summary", _folder.File("none.safetensors")), StringComparison.Ordinal);
        // As a file of other programs, which does not say.
        var weights = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "weights", "cifar-resnet20.safetensors"));
        "_"u8.CopyTo(weights.AsSpan(weights.AsSpan().IndexOf("\"architecture\""u8) + 1));
        var bare = _folder.Write("bare.safetensors", weights);
        Assert.Contains("name the model", await Tool.RunFailingAsync(1, "summary", bare), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_was_killed_before_its_first_checkpoint_is_to_be_started_again()
    {
        _folder.Write("early/run.json", "{}");
        Assert.Contains("start it again, without --resume", await Tool.RunFailingAsync(1, "train", "cifar-resnet20", "--out", _folder.File("early"), "--resume"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_data_the_weights_are_of_drawn_shapes()
    {
        var (exitCode, _, error) = await Tool.RunAsync("train", "cifar-resnet20", "--batch", "500", "--epochs", "1", "--image-size", "8", "--out", _folder.File("run"));
        Assert.True(exitCode == 0, error);
        using var network = new CifarResNet20();
        network.Load(_folder.File("run/last.safetensors"));
        Assert.Equal(Shapes10.Names, network.Labels);
    }

    [Fact]
    public async Task Weights_of_other_classes_start_a_run_and_frozen_ones_stay()
    {
        await RunJsonAsync("--out", _folder.File("first"), "--epochs", "1");
        await RunJsonAsync(
            "--out", _folder.File("second"), "--epochs", "1", "--weights", _folder.File("first/last.safetensors"), "--freeze", "layer2");

        using CifarResNet20 first = new(), second = new();
        first.Load(_folder.File("first/last.safetensors"));
        second.Load(_folder.File("second/last.safetensors"));
        bool IsSame(string name) => first.Parameters[name].Read().SequenceEqual(second.Parameters[name].Read());
        Assert.True(IsSame("layer2.2.conv2.weight"));
        Assert.False(IsSame("layer3.0.conv1.weight"));
        Assert.False(IsSame("fc.weight"));
    }

    /// <summary>Settings that an older tool did not know had their usual values.</summary>
    [Fact]
    public async Task Options_of_newer_recipes_decide_the_run_and_an_older_runs_file_is_read()
    {
        var run = _folder.File("run");
        var report = await RunJsonAsync("--out", run, "--epochs", "1", "--optimizer", "lamb", "--lr", "0.005", "--accumulate", "2", "--mixup", "0.2", "--cutmix", "1", "--mix-probability", "0.9",
            "--cutmix-share", "0.4", "--bce", "--bce-threshold", "0.2", "--class-weights", "balanced", "--balanced", "--layer-decay", "0.8", "--best-k", "1", "--no-decay-norm-bias",
            "--warmup-epochs", "0.5", "--test-scale", "1.25", "--schedule", "restarts:1", "--augment", "crop-flip+trivial+erase:0.1");
        // Seven batches of 32.
        Assert.Equal(4, report.GetProperty("steps").GetInt32());
        Assert.True(File.Exists(_folder.File("run/best-epoch-1.safetensors")));
        using var settings = JsonDocument.Parse(File.ReadAllText(_folder.File("run/run.json")));
        foreach (var (name, value) in new[] { ("optimizer", "lamb"), ("accumulate", "2"), ("cutMixShare", "0.4"), ("targetThreshold", "0.2"), ("classWeights", "balanced"), ("decayNormAndBias", "False"), ("testScale", "1.25") })
            Assert.Equal(value, settings.RootElement.GetProperty(name).ToString());

        var old = _folder.File("old");
        await RunJsonAsync("--out", old, "--epochs", "1");
        string[] newer = ["optimizer", "accumulate", "warmUpEpochs", "decayNormAndBias", "mixup", "cutMix", "mixProbability", "cutMixShare", "layerDecay", "keepBest", "testScale"];
        var lines = File.ReadAllLines(_folder.File("old/run.json")).Where(line => !newer.Any(name => line.Contains($"\"{name}\":", StringComparison.Ordinal)));
        File.WriteAllLines(_folder.File("old/run.json"), lines);
        Assert.Equal(14, (await Tool.RunJsonWithProgressAsync("train", "cifar-resnet20", "--out", old, "--resume", "--epochs", "2", "--threads", "1")).GetProperty("steps").GetInt32());
    }

    [Fact]
    public async Task A_folder_with_a_run_is_neither_overwritten_nor_mistaken()
    {
        var run = _folder.File("run");
        await RunJsonAsync("--out", run, "--epochs", "1");
        Assert.Contains("--resume", await Tool.RunFailingAsync(1, Args("--out", run)), StringComparison.Ordinal);
        Assert.Contains("cifar-resnet20, not of cifar-plain20",
            await Tool.RunFailingAsync(1, "train", "cifar-plain20", "--out", run, "--resume"), StringComparison.Ordinal);
        Assert.Contains("other options",
            await Tool.RunFailingAsync(1, "train", "cifar-resnet20", "--out", run, "--resume", "--lr", "0.3"), StringComparison.Ordinal);
        Assert.Contains("no run to resume",
            await Tool.RunFailingAsync(1, "train", "cifar-resnet20", "--out", _folder.File("none"), "--resume"), StringComparison.Ordinal);
        _folder.Write("run/run.json", "{");
        Assert.Contains("run.json", await Tool.RunFailingAsync(1, "train", "cifar-resnet20", "--out", run, "--resume"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--augment", "shake", "crop-flip")]
    [InlineData("--freeze", "layer9", "layer3")]
    [InlineData("--momentum", "1", "Momentum")]
    [InlineData("--class-weights", "1,2", "10 classes")]
    [InlineData("--bce-threshold", "0.5", "BinaryCrossEntropy")]
    [InlineData("--data", "nowhere", "nowhere")]
    [InlineData("--weights", "nowhere.pth", "nowhere.pth")]
    public async Task What_cannot_be_is_said_before_anything_is_written(string option, string value, string expected)
    {
        var error = await Tool.RunFailingAsync(1, ["train", "cifar-resnet20", "--out", _folder.File("run"), .. option == "--data" ? [] : new[] { "--data", _data }, option, value]);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("run")));
    }

    [Theory]
    [InlineData("--epochs", "0")]
    [InlineData("--warmup", "many")]
    [InlineData("--lr", "-1")]
    [InlineData("--lr", "0,05")]
    [InlineData("--schedule", "zigzag")]
    [InlineData("--schedule", "steps:1,two")]
    [InlineData("--schedule", "restarts:0")]
    [InlineData("--optimizer", "adam")]
    [InlineData("--layer-decay", "1.5")]
    [InlineData("--recipe", "soup")]
    public async Task Numbers_out_of_range_and_unknown_recipes_are_errors_of_usage(string option, string value) =>
        Assert.Contains(value, await Tool.RunFailingAsync(2, Args(option, value)), StringComparison.Ordinal);

    [Fact]
    public async Task Classes_that_are_asked_for_must_be_those_of_the_data() =>
        Assert.Contains("expected images of 7 classes, found 10",
            await Tool.RunFailingAsync(1, "train", "resnet18", "--classes", "7", "--out", _folder.File("run")), StringComparison.Ordinal);

    string[] Args(params string[] more) => ["train", "cifar-resnet20", "--data", _data, "--batch", "32", "--threads", "1", .. more];

    Task<JsonElement> RunJsonAsync(params string[] more) => Tool.RunJsonWithProgressAsync(Args(more));

    /// <summary>The file's record of the run, without times.</summary>
    static string Comparable(string path) => path.EndsWith(".csv", StringComparison.Ordinal)
        ? string.Join('\n', File.ReadAllLines(path).Select(row => row[..row.LastIndexOf(',')]))
        : Convert.ToHexString(File.ReadAllBytes(path));
}
