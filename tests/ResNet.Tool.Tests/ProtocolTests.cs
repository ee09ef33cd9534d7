using System.Text.Json;
using ResNet.Runtime;
using ResNet.Runtime.Data;

namespace ResNet.Tool.Tests;

/// <summary><c>--tta</c> and <c>--average</c>.</summary>
public sealed class ProtocolTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly string _weights, _data;

    public ProtocolTests()
    {
        _weights = Tool.SaveResNet20(_folder);
        _data = _folder.Write("some.bin", Tool.DrawnCifar(12, DatasetSplit.Test, 1));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("flip", "flip")]
    [InlineData("10-crop", "10-crop")]
    [InlineData("10-Crop:36", "10-crop:36")]
    [InlineData("multi-scale:32,40", "multi-scale:32,40")]
    public async Task The_protocol_is_named_in_all_that_is_written(string protocol, string name)
    {
        var (answers, html) = (_folder.File("answers.csv"), _folder.File("report.html"));
        var report = await Tool.RunJsonWithProgressAsync("evaluate", "cifar-resnet20", "--weights", _weights, "--data", _data, "--tta", protocol,
            "--average", "probabilities", "--batch", "8", "--predictions", answers, "--report", html);
        Assert.Equal((name, "probabilities", 12), (report.GetProperty("protocol").GetString(), report.GetProperty("average").GetString(), report.GetProperty("images").GetInt32()));
        Assert.Contains($"{name}, mean of probabilities", File.ReadAllText(html), StringComparison.Ordinal);
        var lines = File.ReadAllLines(answers);
        Assert.Equal(13, lines.Length);
        Assert.Equal("file,class,predicted,probability,label,protocol,average", lines[0]);
        Assert.All(lines[1..], line => Assert.EndsWith($",{(name.Contains(',', StringComparison.Ordinal) ? $"\"{name}\"" : name)},probabilities", line, StringComparison.Ordinal));

        var (_, output, _) = await Tool.RunAsync("evaluate", "cifar-resnet20", "--weights", _weights, "--data", _data, "--tta", protocol);
        Assert.StartsWith($"cifar-resnet20 on CIFAR-10, some.bin, {name}, mean of logits\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_them_there_is_one_view_and_no_average()
    {
        var report = await Tool.RunJsonWithProgressAsync("evaluate", "cifar-resnet20", "--weights", _weights, "--data", _data);
        Assert.Equal(("center-crop", JsonValueKind.Null), (report.GetProperty("protocol").GetString(), report.GetProperty("average").ValueKind));
        var (_, output, _) = await Tool.RunAsync("evaluate", "cifar-resnet20", "--weights", _weights, "--data", _data);
        Assert.StartsWith("cifar-resnet20 on CIFAR-10, some.bin\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Classifying_gives_the_librarys_answers()
    {
        var image = _folder.File("noise.png");
        var pixels = new byte[3 * 50 * 41];
        new Random(1).NextBytes(pixels);
        Image.FromRgb(50, 41, pixels).SavePng(image);
        var report = await Tool.RunJsonAsync("classify", "cifar-resnet20", image, image, "--weights", _weights, "--tta", "multi-scale:33,48", "--average", "probabilities", "--top", "10");
        Assert.Equal(("multi-scale:33,48", "probabilities"), (report.GetProperty("protocol").GetString(), report.GetProperty("average").GetString()));
        using var classifier = Classifier.Open(_weights, protocol: TestProtocol.MultiScaleOf(33, 48) with { Average = ScoreAverage.Probabilities });
        var expected = classifier.Classify(Image.Load(image), 10);
        foreach (var file in report.GetProperty("images").EnumerateArray())
            foreach (var (one, other) in expected.Zip(file.GetProperty("predictions").EnumerateArray()))
                Assert.Equal(one.Probability, other.GetProperty("probability").GetSingle(), 1e-5);
    }

    [Fact]
    public async Task Lines_of_classified_images_name_the_protocol_where_there_are_several_views()
    {
        var (image, broken) = (_folder.File("one.png"), _folder.Write("two.png", "no image"));
        Image.FromRgb(4, 4, new byte[48]).SavePng(image);
        string[] line = ["classify", "cifar-resnet20", image, broken, "--weights", _weights, "--top", "1"];
        var rows = (await Tool.RunAsync([.. line, "--tta", "flip", "--format", "csv"])).Out.TrimEnd().Split('\n');
        Assert.Equal("file,rank,class,label,probability,error,protocol,average", rows[0]);
        Assert.All(rows[1..], row => Assert.EndsWith(",flip,logits", row, StringComparison.Ordinal));
        using var first = JsonDocument.Parse((await Tool.RunAsync([.. line, "--tta", "flip", "--average", "probabilities", "--format", "jsonl"])).Out.Split('\n')[0]);
        Assert.Equal(("flip", "probabilities"), (first.RootElement.GetProperty("protocol").GetString(), first.RootElement.GetProperty("average").GetString()));
        using var alone = JsonDocument.Parse((await Tool.RunAsync([.. line, "--format", "jsonl"])).Out.Split('\n')[0]);
        Assert.Equal(["file", "predictions"], alone.RootElement.EnumerateObject().Select(property => property.Name));
    }

    [Theory]
    [InlineData("10-crop:3", "warning: 10-crop:3: CifarResNet20 is shown crops of 32×32 of pictures with a shorter side of 3; what they do not fill is black\n")]
    [InlineData("multi-scale:7,32", "warning: multi-scale:7,32: CifarResNet20 is for pictures of 32×32; little is left of them with a shorter side of 7\n")]
    [InlineData("multi-scale:8,32", "")]
    [InlineData("10-crop:32", "")]
    [InlineData("10-crop", "")]
    public async Task Scales_that_leave_little_to_see_are_worth_a_warning(string protocol, string expected)
    {
        var image = _folder.File("one.png");
        Image.FromRgb(40, 50, new byte[3 * 40 * 50]).SavePng(image);
        var (exitCode, _, error) = await Tool.RunAsync("classify", "cifar-resnet20", image, "--weights", _weights, "--tta", protocol);
        Assert.Equal((0, expected), (exitCode, error));
    }

    [Fact]
    public async Task Networks_of_dense_layers_take_their_fully_convolutional_form_for_whole_pictures()
    {
        using var network = Network.Create(new Dsl.NetworkBuilder().Input(3, 32, 32).Conv(4, 3).MaxPool(4, 4).Flatten().Dense(10).Build("Flat"));
        var (weights, image) = (_folder.File("flat.safetensors"), _folder.File("one.png"));
        network.Save(weights);
        Image.FromRgb(40, 50, new byte[3 * 40 * 50]).SavePng(image);
        var (exitCode, _, error) = await Tool.RunAsync("classify", weights, image, "--tta", "multi-scale:32,48");
        Assert.Equal((0, "note: Flat is shown whole pictures in its fully convolutional form: its dense layers are convolutions of the same weights\n"), (exitCode, error));
        Assert.Equal("", (await Tool.RunAsync("classify", weights, image, "--tta", "flip")).Error);
        var refused = await Tool.RunFailingAsync(1, "classify", weights, image, "--tta", "multi-scale:24,32");
        Assert.Contains("shorter side of 24. With images of 24×24, at fc: A 7×7 kernel does not fit into its input 4×5×5", refused, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5-crop")]
    [InlineData("10-crop:0")]
    [InlineData("10-crop:3,4")]
    [InlineData("multi-scale:")]
    [InlineData("multi-scale:224,,256")]
    [InlineData("multi-scale:224,9000")]
    [InlineData("flip:3")]
    [InlineData("multi-scale:1:2")]
    public async Task Other_protocols_are_a_wrong_command_line(string protocol)
    {
        foreach (var command in new[] { new[] { "classify", "cifar-resnet20", "one.png" }, ["evaluate", "cifar-resnet20", "--data", _data] })
        {
            var error = await Tool.RunFailingAsync(2, [.. command, "--tta", protocol]);
            Assert.Contains("--tta: expected 10-crop, multi-scale or flip", error, StringComparison.Ordinal);
            Assert.Contains($"found \"{protocol}\"", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_average_of_one_view_or_of_other_scores_is_refused()
    {
        string[] command = ["evaluate", "cifar-resnet20", "--weights", _weights, "--data", _data, "--average"];
        Assert.Contains("nothing to average", await Tool.RunFailingAsync(1, [.. command, "logits"]), StringComparison.Ordinal);
        Assert.Contains("--average: expected logits, probabilities, found \"votes\"", await Tool.RunFailingAsync(2, [.. command, "votes", "--tta", "flip"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_network_that_takes_no_other_size_says_so()
    {
        using var flat = Network.Create(new Dsl.NetworkBuilder().Input(3, 32, 32).Conv(4, 3).Flatten().Relu().Dense(10).Build("Flat"));
        flat.Save(_folder.File("flat.safetensors"));
        var error = await Tool.RunFailingAsync(1, "classify", _folder.File("flat.safetensors"), "one.png", "--tta", "multi-scale:40");
        Assert.Contains("multi-scale:40: The network cannot be shown whole pictures with a shorter side of 40.", error, StringComparison.Ordinal);
        Assert.Contains("flattens", error, StringComparison.Ordinal);
    }
}
