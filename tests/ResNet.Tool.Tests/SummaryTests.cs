using ResNet.Dsl;
using ResNet.Zoo;

namespace ResNet.Tool.Tests;

/// <summary><c>summary</c> of detectors.</summary>
public class SummaryTests
{
    [Fact]
    public async Task A_detector_is_two_tables_and_the_cost_of_a_picture()
    {
        using var detector = DetectorModels.FasterRcnnResNet18.Create();
        var (trunk, head) = (NetworkSummary.Of(detector.Definition.Trunk), NetworkSummary.Of(detector.Definition.Head));
        var report = await Tool.RunJsonAsync("summary", "fasterrcnn-resnet18", "--compact");
        Assert.Equal(20, report.GetProperty("classes").GetInt32());
        Assert.Equal(trunk.Parameters + head.Parameters, report.GetProperty("parameters").GetInt64());
        Assert.Equal(trunk.MultiplyAdds + 300 * head.MultiplyAdds, report.GetProperty("multiplyAdds").GetInt64());
        Assert.Equal(("3×600×1000", "256×14×14"), (report.GetProperty("trunk").GetProperty("input").GetString(), report.GetProperty("head").GetProperty("input").GetString()));
        Assert.Equal(head.CompactRows.Count, report.GetProperty("head").GetProperty("layers").GetArrayLength());

        var (exitCode, output, error) = await Tool.RunAsync("summary", "fasterrcnn-resnet18", "--compact");
        Assert.True(exitCode == 0, error);
        Assert.Contains(trunk.ToString(compact: true), output, StringComparison.Ordinal);
        Assert.Contains(head.ToString(compact: true), output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^a picture +of 600×1000 with 300 regions: [\d,]+ multiply-adds", output);
    }
}
