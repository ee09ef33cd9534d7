using ResNet.Runtime;

namespace ResNet.Tool.Tests;

public sealed class EvaluateTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly string _weights;

    public EvaluateTests() => _weights = Tool.SaveResNet20(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_result_is_that_of_the_predictions()
    {
        var data = _folder.Write("some.bin", CifarImages(50));
        var answers = _folder.File("answers.csv");

        var report = await Tool.RunJsonWithProgressAsync(
            "evaluate", "cifar-resnet20", "--weights", _weights, "--data", data, "--batch", "16", "--threads", "1", "--predictions", answers);

        var lines = File.ReadAllLines(answers);
        Assert.Equal("file,class,predicted,probability,label", lines[0]);
        var rows = lines[1..].Select(line => line.Split(',')).ToList();
        Assert.Equal(50, rows.Count);
        Assert.Equal($"{data}#49", rows[49][0]);
        Assert.All(rows, (row, index) => Assert.Equal(index % 10, int.Parse(row[1], null)));
        Assert.All(rows, row => Assert.Equal(Labels.Cifar10[int.Parse(row[2], null)], row[4]));
        Assert.Equal(rows.Count(row => row[1] == row[2]), report.GetProperty("top1Images").GetInt32());
        Assert.Equal(rows.Count(row => row[1] == row[2]) / 50.0, report.GetProperty("top1").GetDouble());
        Assert.Equal((50, 16), (report.GetProperty("images").GetInt32(), report.GetProperty("batch").GetInt32()));
    }

    [Fact]
    public async Task Progress_on_a_terminal_leaves_the_result_as_it_is()
    {
        using var output = new StringWriter();
        var exitCode = await ResNetCommand.RunAsync(
            ["evaluate", "cifar-resnet20", "--weights", _weights, "--data", _folder.Write("some.bin", CifarImages(3))],
            new(output, TextWriter.Null, IsErrorTerminal: true));
        Assert.Equal(0, exitCode);
        Assert.Contains("of 3 images)", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Broken_images_are_fatal_unless_they_are_to_be_skipped()
    {
        var broken = _folder.Write("photos/cat/broken.png", "no image");
        _folder.Write("photos/cat/good.png", []);
        Image.FromRgb(32, 32, new byte[3 * 32 * 32]).SavePng(_folder.File("photos/cat/good.png"));
        string[] args = ["evaluate", "cifar-resnet20", "--weights", _weights, "--data", _folder.File("photos")];

        Assert.Contains(broken, await Tool.RunFailingAsync(1, args), StringComparison.Ordinal);

        var (exitCode, output, error) = await Tool.RunAsync([.. args, "--skip-broken"]);
        Assert.Equal(0, exitCode);
        Assert.StartsWith($"skipped: {broken}", error, StringComparison.Ordinal);
        Assert.Contains("1 broken images skipped", output, StringComparison.Ordinal);
        Assert.Contains("of 1 images)", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none", "there is no such file or folder")]
    [InlineData("part.bin", "found 100 bytes")]
    [InlineData("empty.csv", "found none")]
    public async Task Data_that_cannot_be_used_are_named(string name, string expected)
    {
        _folder.Write("part.bin", new byte[100]);
        _folder.Write("empty.csv", "file,class\n");
        var error = await Tool.RunFailingAsync(1, "evaluate", "cifar-resnet20", "--weights", _weights, "--data", _folder.File(name));
        Assert.StartsWith($"error: {_folder.File(name)}", error, StringComparison.Ordinal);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [SharedDataTheory]
    [InlineData("cifar-resnet20", "resnet20-12fca82f.th", "91.50 %  (915 of 1000 images)")]
    [InlineData("cifar-resnet32", "resnet32-d509ac18.th", "92.80 %  (928 of 1000 images)")]
    public async Task Published_CIFAR_networks_score_as_in_PyTorch(string model, string weights, string expected)
    {
        var (exitCode, output, error) = await Tool.RunAsync(
            "evaluate", model, "--weights", SharedData.File("cifar10", weights), "--data", SharedData.File("cifar10", "test_first1000.bin"));
        Assert.True(exitCode == 0, error);
        Assert.Contains($"top-1   {expected}", output, StringComparison.Ordinal);
    }

    [SharedDataFact]
    public async Task ResNet_18_gives_PyTorchs_answers_on_photos()
    {
        var list = SharedData.File("imagenet", "photos.csv");
        var answers = _folder.File("answers.csv");

        var report = await Tool.RunJsonWithProgressAsync(
            "evaluate", "resnet18", "--weights", SharedData.File("imagenet", "resnet18.safetensors"), "--data", list, "--predictions", answers);

        Assert.Equal(0.8095, report.GetProperty("top1").GetDouble(), 4);
        var theirs = File.ReadLines(list).Skip(1).Select(line => line.Split(',')[2]);
        var ours = File.ReadLines(answers).Skip(1).Select(line => line.Split(',')[2]);
        Assert.InRange(theirs.Zip(ours).Count(pair => pair.First == pair.Second), 62, 63);
    }

    static byte[] CifarImages(int count)
    {
        var bytes = new byte[count * 3073];
        new Random(1).NextBytes(bytes);
        for (var image = 0; image < count; image++) bytes[image * 3073] = (byte)(image % 10);
        return bytes;
    }
}
