using ResNet.Runtime.Data;

namespace ResNet.Tool.Tests;

/// <summary>The reports that commands leave.</summary>
public sealed class ReportTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Evaluating_writes_a_report_of_what_it_prints()
    {
        var data = _folder.Write("some.bin", Tool.DrawnCifar(40, DatasetSplit.Test, 1));
        var report = await Tool.RunJsonWithProgressAsync(
            "evaluate", "cifar-resnet20", "--weights", Tool.SaveResNet20(_folder), "--data", data, "--report", _folder.File("report.html"));
        var html = File.ReadAllText(_folder.File("report.html"));
        Assert.Contains($"{report.GetProperty("top1Images").GetInt32()} of 40 images", html, StringComparison.Ordinal);
        Assert.Contains("Confusion matrix", html, StringComparison.Ordinal);
        Assert.Contains("data:image/png;base64,", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_without_a_folder_is_refused_before_the_work()
    {
        var path = _folder.File("none/report.html");
        Assert.StartsWith($"error: {path}: there is no folder", await Tool.RunFailingAsync(1,
            "evaluate", "cifar-resnet20", "--weights", "none.pth", "--data", _folder.Write("some.bin", Tool.DrawnCifar(4, DatasetSplit.Test, 1)), "--report", path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Training_leaves_a_report_of_the_best_weights()
    {
        var (train, test) = (_folder.Write("train.bin", Tool.DrawnCifar(64, DatasetSplit.Train, 1)), _folder.Write("test.bin", Tool.DrawnCifar(32, DatasetSplit.Test, 1)));
        var report = await Tool.RunJsonWithProgressAsync("train", "cifar-resnet20", "--data", train, "--validation", test,
            "--epochs", "2", "--batch", "32", "--out", _folder.File("run"));
        var html = File.ReadAllText(_folder.File("run/report.html"));
        Assert.Contains($"{Math.Round(32 * report.GetProperty("bestAccuracy").GetDouble())} of 32 images", html, StringComparison.Ordinal);
        Assert.Contains("Error by epoch", html, StringComparison.Ordinal);
        Assert.Contains("validation", File.ReadAllText(_folder.File("run/curve.svg")), StringComparison.Ordinal);
    }
}
