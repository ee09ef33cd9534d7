using System.Text.Json;
using ResNet.Dsl;
using ResNet.Tool.Benchmarking;
using ResNet.Zoo;

namespace ResNet.Tool.Tests;

/// <summary><c>bench</c>: times as a whole and by layers.</summary>
public class BenchTests
{
    public static TheoryData<string> ModelNames => [.. Models.All.Select(model => model.Name)];

    [Theory]
    [MemberData(nameof(ModelNames))]
    public void Folded_layers_are_all_layers_and_few(string name)
    {
        using var network = Models.Find(name).Create();
        var layers = network.Definition.Layers();
        var folds = new FoldedLayers(network.Definition);
        var lines = layers.GroupBy(layer => folds[layer.Index]).ToList();
        Assert.InRange(lines.Count, 1, 120);
        var named = lines.Where(line => line.First().Parameters.Count > 0).Select(line => line.Key.Name).ToList();
        Assert.Equal(named.Distinct(), named);
        foreach (var line in lines)
        {
            Assert.Equal((line.Key.Count, line.Key.First), (line.Count(), line.First().Index));
            Assert.Single(line.Select(layer => (layer.Layer, layer.Input, layer.Output)).Distinct());
            if (line.Key.Count == 1) Assert.Equal(line.Single().Name, line.Key.Name);
        }
    }

    [Fact]
    public void Units_that_repeat_are_named_by_their_range()
    {
        using var network = Models.ResNet50.Create();
        var folds = new FoldedLayers(network.Definition);
        FoldedLayer Fold(string name) => folds[network.Definition.Layers().Single(layer => layer.Name == name).Index];
        Assert.Equal(("layer3.1…5.conv2", 5), (Fold("layer3.4.conv2").Name, Fold("layer3.4.conv2").Count));
        Assert.Equal(("layer3.0.conv2", 1), (Fold("layer3.0.conv2").Name, Fold("layer3.0.conv2").Count));
    }

    [Theory]
    [InlineData("direct", "direct"), InlineData("Winograd2x2", "Winograd F(2×2)"), InlineData("winograd4x4", "Winograd F(4×4)")]
    public async Task The_algorithm_of_convolutions_may_be_chosen(string convolution, string expected)
    {
        var report = await Tool.RunJsonWithProgressAsync("bench", "cifar-resnet20", "--threads", "1", "--seconds", "0", "--convolution", convolution);
        var layer = report.GetProperty("layers").EnumerateArray().Single(layer => layer.GetProperty("layer").GetString() == "layer1.0.conv1");
        Assert.StartsWith(expected, layer.GetProperty("forward").GetProperty("algorithm").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_planned_network_computes_the_operations_of_the_compiled_one()
    {
        var compiled = await Tool.RunJsonWithProgressAsync("bench", "cifar-resnet20", "--threads", "1", "--seconds", "0");
        var planned = await Tool.RunJsonWithProgressAsync("bench", "cifar-resnet20", "--threads", "1", "--seconds", "0", "--planned");
        Assert.Equal("cifar-resnet20, planned", planned.GetProperty("model").GetString());
        Assert.Equal(Algorithms(compiled), Algorithms(planned));

        static List<(string?, string?)> Algorithms(JsonElement report) =>
            [.. report.GetProperty("layers").EnumerateArray().Select(layer => (layer.GetProperty("layer").GetString(), layer.GetProperty("forward").ToString() is { Length: > 0 } ? layer.GetProperty("forward").GetProperty("algorithm").GetString() : null))];
    }

    [Fact]
    public async Task A_detector_is_its_trunk_and_regions_through_its_head()
    {
        var report = await Tool.RunJsonWithProgressAsync("bench", "shapes-detector", "--threads", "1", "--seconds", "0");
        var (trunk, head) = (report.GetProperty("trunk"), report.GetProperty("head"));
        Assert.Equal((1, 32, 300), (trunk.GetProperty("batch").GetInt32(), head.GetProperty("batch").GetInt32(), report.GetProperty("regions").GetInt32()));
        Assert.Equal(Median(trunk) + 300 * Median(head), report.GetProperty("millisecondsPerPicture").GetDouble(), 1e-6);
        Assert.Contains(head.GetProperty("layers").EnumerateArray(), layer => layer.GetProperty("layer").GetString()!.StartsWith("cls_score", StringComparison.Ordinal));
        Assert.Contains("--train: shapes-detector is a detector", await Tool.RunFailingAsync(2, "bench", "shapes-detector", "--train"), StringComparison.Ordinal);

        static double Median(JsonElement report) => report.GetProperty("median").GetProperty("millisecondsPerImage").GetDouble();
    }

    [Theory, InlineData("fft"), InlineData("3"), InlineData("direct,winograd2x2"), InlineData("")]
    public async Task An_unknown_algorithm_is_refused(string convolution)
    {
        var (exitCode, _, error) = await Tool.RunAsync("bench", "cifar-resnet20", "--convolution", convolution);
        Assert.Equal(2, exitCode);
        Assert.Contains($"--convolution: expected automatic, direct, winograd2x2, winograd4x4, found \"{convolution}\"", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Times_fit_one_another()
    {
        var report = await Tool.RunJsonWithProgressAsync("bench", "cifar-resnet20", "--batch", "2", "--threads", "1", "--seconds", "0");
        Assert.Equal((2, 1), (report.GetProperty("batch").GetInt32(), report.GetProperty("threads").GetInt32()));
        Assert.True(report.GetProperty("passes").GetInt32() >= 5);
        var (minimum, median) = (Milliseconds(report.GetProperty("minimum")), Milliseconds(report.GetProperty("median")));
        Assert.InRange(minimum, 1e-3, median);
        Assert.Equal(1000 / median, report.GetProperty("median").GetProperty("imagesPerSecond").GetDouble(), 6);
        Assert.Equal(2 * 40_551_040 / (minimum * 1e6), report.GetProperty("minimum").GetProperty("gigaFlops").GetDouble(), 6);

        static double Milliseconds(JsonElement timing) => timing.GetProperty("millisecondsPerImage").GetDouble();
    }

    [Theory]
    [InlineData(20)]
    [InlineData(59, "--train")]
    public async Task Layers_add_up(int products, params string[] options)
    {
        var report = await Tool.RunJsonWithProgressAsync(["bench", "cifar-resnet20", "--batch", "3", "--threads", "1", "--seconds", "0", .. options]);
        var peak = report.GetProperty("peakGigaFlops").GetDouble();
        var (found, multiplyAdds) = (0, 0.0);
        foreach (var kind in new[] { "forward", "inputGradient", "weightGradient" })
        {
            var sum = 0.0;
            foreach (var layer in report.GetProperty("layers").EnumerateArray())
            {
                if (layer.GetProperty(kind) is not { ValueKind: JsonValueKind.Object } operation) continue;
                var milliseconds = operation.GetProperty("milliseconds").GetDouble();
                sum += milliseconds;
                if (operation.GetProperty("gigaFlops") is not { ValueKind: JsonValueKind.Number } rate) continue;
                Assert.Equal(rate.GetDouble() / peak, operation.GetProperty("shareOfPeak").GetDouble(), 9);
                found += layer.GetProperty("repeats").GetInt32();
                multiplyAdds += rate.GetDouble() * milliseconds * 1e6 / 2 / 3;
            }
            if (sum > 0) Assert.Equal(sum, report.GetProperty("sum").GetProperty(kind).GetProperty("milliseconds").GetDouble(), 6);
        }
        // The gradient of the first convolution's input, the images, is not needed.
        Assert.Equal(products, found);
        var (conv1, all) = (442_368, report.GetProperty("multiplyAddsPerImage").GetInt64());
        Assert.Equal(options.Length == 0 ? all : all - conv1, multiplyAdds, all * 1e-9);
    }

    [Theory]
    [InlineData("cifar-plain20, forward pass, batch 4, CPU (", "0.04")]
    [InlineData("cifar-plain20, training step, batch 4, CPU (", "0.12", "--train")]
    public async Task Text_names_what_was_measured(string title, string multiplyAdds, params string[] options)
    {
        var (exitCode, output, error) = await Tool.RunAsync(["bench", "cifar-plain20", "--seconds", "0", "--batch", "4", .. options]);
        Assert.True(exitCode == 0, error);
        Assert.StartsWith(title, output, StringComparison.Ordinal);
        Assert.Contains($"{multiplyAdds} G multiply-adds per image", output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^conv1 +3×3, 16 .* [\d.]+ .*\d+ %  direct \d+×16(; .*)?$", output);
        Assert.Matches(@"(?m)^layer1\.1…2\.conv1 ×2 +3×3, 16 .* [\d.]+ .*\d+ %  (direct|Winograd) .*$", output);
        Assert.Matches(@"(?m)^minimum +[\d.]+ +[\d.]+ +\d+$", output);
        Assert.Matches(@"(?m)^median ", output);
    }
}
