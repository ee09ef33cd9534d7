using ResNet.Runtime;

namespace ResNet.Tool.Tests;

public sealed class ClassifyTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly string _weights;
    readonly string _image;

    public ClassifyTests()
    {
        _weights = Tool.SaveResNet20(_folder);
        _image = _folder.File("grey.png");
        Image.FromRgb(40, 50, Enumerable.Repeat((byte)128, 3 * 40 * 50).ToArray()).SavePng(_image);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Text_has_a_line_per_class()
    {
        var (exitCode, output, error) = await Tool.RunAsync("classify", "cifar-resnet20", _image, "--weights", _weights, "--top", "3");
        Assert.Equal((0, ""), (exitCode, error));
        var lines = output.TrimEnd().Split('\n');
        Assert.Equal(_image, lines[0]);
        Assert.Equal(4, lines.Length);
        Assert.All(lines[1..], line => Assert.Matches(@"^ +\d+\.\d\d %  [a-z]+$", line));
        Assert.DoesNotContain('\u001b', output);
    }

    [Fact]
    public async Task JSON_has_probabilities_that_add_up()
    {
        var report = await Tool.RunJsonAsync("classify", "cifar-resnet20", _image, _image, "--weights", _weights, "--top", "100");
        Assert.Equal("cifar-resnet20", report.GetProperty("model").GetString());
        Assert.Equal(2, report.GetProperty("images").GetArrayLength());
        var predictions = report.GetProperty("images")[1].GetProperty("predictions").EnumerateArray().ToList();
        Assert.Equal(10, predictions.Count);
        Assert.Equal(1, predictions.Sum(one => one.GetProperty("probability").GetDouble()), 5);
        Assert.All(predictions, one => Assert.Equal(Labels.Cifar10[one.GetProperty("class").GetInt32()], one.GetProperty("label").GetString()));
    }

    [Fact]
    public async Task Labels_may_be_given()
    {
        var labels = _folder.Write("labels.txt", string.Join('\n', Enumerable.Range(0, 10).Select(index => $"thing {index}")));
        var (_, output, _) = await Tool.RunAsync("classify", "cifar-resnet20", _image, "--weights", _weights, "--labels", labels, "--top", "1");
        Assert.Contains(" %  thing ", output, StringComparison.Ordinal);

        _folder.Write("labels.txt", "one\ntwo\n");
        Assert.Contains($"{labels}: expected the names of 10 classes, found 2",
            await Tool.RunFailingAsync(1, "classify", "cifar-resnet20", _image, "--weights", _weights, "--labels", labels), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_image_does_not_keep_others_from_being_classified()
    {
        var broken = _folder.Write("broken.jpg", "no image");
        var (exitCode, output, error) = await Tool.RunAsync("classify", "cifar-resnet20", broken, _folder.File("none.jpg"), _image, "--weights", _weights);
        Assert.Equal(1, exitCode);
        Assert.StartsWith(_image, output, StringComparison.Ordinal);
        var errors = error.TrimEnd().Split('\n');
        Assert.Equal(2, errors.Length);
        Assert.StartsWith($"error: {broken}", errors[0], StringComparison.Ordinal);
        Assert.Contains("none.jpg", errors[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Weights_that_cannot_be_used_are_named()
    {
        Assert.Contains("nix.pth", await Tool.RunFailingAsync(1, "classify", "cifar-resnet20", _image, "--weights", "nix.pth"), StringComparison.Ordinal);
        Assert.Contains(_image, await Tool.RunFailingAsync(1, "classify", "cifar-resnet20", _image, "--weights", _image), StringComparison.Ordinal);
        Assert.Contains(_weights, await Tool.RunFailingAsync(1, "classify", "cifar-resnet32", _image, "--weights", _weights), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_published_weights_a_file_is_asked_for() =>
        Assert.Contains("No weights are published for plain18: give a file with --weights",
            await Tool.RunFailingAsync(1, "classify", "plain18", _image), StringComparison.Ordinal);

    [Fact]
    public async Task Offline_nothing_is_downloaded()
    {
        var previous = Environment.GetEnvironmentVariable("RESNET_CACHE");
        Environment.SetEnvironmentVariable("RESNET_CACHE", _folder.Path);
        try
        {
            Assert.Contains(_folder.File("resnet18-f37072fd.pth"),
                await Tool.RunFailingAsync(1, "classify", "resnet18", _image, "--offline"), StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable("RESNET_CACHE", previous);
        }
    }

    [Fact]
    public async Task On_a_terminal_there_are_bars()
    {
        using var output = new StringWriter();
        var exitCode = await ResNetCommand.RunAsync(
            ["classify", "cifar-resnet20", _image, "--weights", _weights], new(output, TextWriter.Null, IsOutTerminal: true));
        Assert.Equal(0, exitCode);
        Assert.Contains("█", output.ToString(), StringComparison.Ordinal);
    }

    [SharedDataFact]
    public async Task A_horse_is_a_horse()
    {
        var report = await Tool.RunJsonAsync(
            "classify", "cifar-resnet20", SharedData.File("photos", "horse.png"), "--weights", SharedData.File("cifar10", "resnet20-12fca82f.th"), "--labels", "cifar10");
        Assert.Equal("horse", report.GetProperty("images")[0].GetProperty("predictions")[0].GetProperty("label").GetString());
    }

    [SharedDataFact]
    public async Task A_cat_is_a_cat()
    {
        var report = await Tool.RunJsonAsync(
            "classify", "resnet18", SharedData.File("photos", "chelsea.png"), "--weights", SharedData.File("imagenet", "resnet18.safetensors"), "--labels", "imagenet");
        Assert.Contains("cat", report.GetProperty("images")[0].GetProperty("predictions")[0].GetProperty("label").GetString(), StringComparison.Ordinal);
    }
}
