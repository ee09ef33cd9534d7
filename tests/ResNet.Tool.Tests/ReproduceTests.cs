using System.Globalization;
using System.Text.Json;
using ResNet.Runtime.Data;

namespace ResNet.Tool.Tests;

public class ReproduceTests
{
    [Fact]
    public async Task Without_a_name_it_lists_the_experiments()
    {
        var (exitCode, output, error) = await Tool.RunAsync("reproduce");
        Assert.Equal((0, ""), (exitCode, error));
        foreach (var experiment in Experiments.Catalog.All) Assert.Contains(experiment.Name, output, StringComparison.Ordinal);
        var list = await Tool.RunJsonAsync("reproduce");
        Assert.Contains("cifar-plain20", list[0].GetProperty("networks").EnumerateArray().Select(name => name.GetString()));
    }

    /// <summary>The whole way, on drawn images and with the real networks.</summary>
    [Fact]
    public async Task An_experiment_runs_within_seconds_and_is_not_repeated()
    {
        using var folder = new TemporaryFolder();
        string[] basis = ["reproduce", "degradation", "--networks", "cifar-plain20,cifar-resnet20", "--seeds", "2", "--threads", "2", "--out", folder.File("out")];
        string[] line = [.. basis, "--budget", "1s"];
        var first = await Tool.RunJsonWithProgressAsync(line);
        Assert.Equal(4, first.GetProperty("runs").GetArrayLength());
        var second = await Tool.RunJsonWithProgressAsync(line);
        Assert.Equal(first.ToString(), second.ToString());
        using var results = JsonDocument.Parse(File.ReadAllText(folder.File("out/results.json")));
        Assert.Equal("--budget 1s", results.RootElement.GetProperty("effort").GetString());
        var refused = await Tool.RunFailingAsync(1, [.. basis, "--epochs", "2"]);
        Assert.Contains("was made with --budget 1s, not --epochs 2", refused, StringComparison.Ordinal);
    }

    /// <summary>Weights that do not say their network, as published ones, are of the model that is named.</summary>
    [Fact]
    public async Task Given_weights_are_tested_by_all_protocols_without_training()
    {
        using var folder = new TemporaryFolder();
        var weights = Tool.SaveResNet20(folder);
        var data = folder.Write("some.bin", Tool.DrawnCifar(12, DatasetSplit.Test, 1));
        string[] line = ["reproduce", "protocols", "--data", data, "--out", folder.File("out"), "--weights", weights, weights];
        await Tool.RunJsonWithProgressAsync([.. line, "--networks", "cifar-resnet20"]);
        var rows = File.ReadAllLines(folder.File("out/protocols.csv")).Skip(1).Select(row => row.Split(',')).ToList();
        Assert.Equal(["one crop", "flip", "10-crop", "multi-scale"], rows.Take(4).Select(row => row[1]));
        Assert.Equal("ensemble of 2", rows[^1][0]);
        foreach (var (row, protocol) in rows.Zip((string?[])[null, "flip", "10-crop:36", "multi-scale:28,32,36,40"]))
        {
            var report = await Tool.RunJsonWithProgressAsync(["evaluate", "cifar-resnet20", "--weights", weights, "--data", data, .. protocol is null ? Array.Empty<string>() : ["--tta", protocol]]);
            Assert.Equal(100 * (1 - report.GetProperty("top1").GetDouble()), double.Parse(row[2], CultureInfo.InvariantCulture), 0.005);
        }
        var refused = await Tool.RunFailingAsync(1, [.. line, "--networks", "cifar-resnet20,cifar-resnet32,cifar-resnet44"]);
        Assert.Contains("there are 2 files of weights, and 3 networks of --networks", refused, StringComparison.Ordinal);
        refused = await Tool.RunFailingAsync(1, [.. line, "--networks", "cifar-resnet20,cifar-resnet32"]);
        Assert.Contains(weights, refused, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no experiment degradatoin; did you mean degradation", "degradatoin")]
    [InlineData("--budget: expected a time such as 90s, 10m or 1.5h, at most 30 days, found \"10\"", "degradation", "--budget", "10")]
    [InlineData("--budget: expected a time", "degradation", "--budget", "-3m")]
    [InlineData("--budget and --epochs exclude each other", "degradation", "--budget", "10m", "--epochs", "3")]
    [InlineData("--epochs and --full exclude each other", "degradation", "--full", "--epochs", "3")]
    [InlineData("--epochs: expected a whole number from 1", "degradation", "--epochs", "0")]
    [InlineData("--seeds: expected a whole number from 1 to 100", "degradation", "--seeds", "0")]
    public async Task A_wrong_command_line_is_a_usage_error(string expected, params string[] args) =>
        Assert.Contains(expected, await Tool.RunFailingAsync(2, ["reproduce", .. args]), StringComparison.Ordinal);

    [Theory]
    [InlineData("nowhere: there is no such file or folder, nor a data set of that name", "degradation", "--data", "nowhere")]
    [InlineData("degradation has no network resnet20; there are cifar-plain20, ", "degradation", "--networks", "resnet20")]
    [InlineData("measures errors alone", "degradation", "--weights", "some.safetensors")]
    [InlineData("some.safetensors", "responses", "--weights", "some.safetensors")]
    public async Task What_is_not_there_is_an_error(string expected, params string[] args)
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(expected, await Tool.RunFailingAsync(1, ["reproduce", .. args, "--out", folder.File("out")]), StringComparison.Ordinal);
    }
}
