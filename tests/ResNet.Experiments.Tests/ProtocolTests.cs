using System.Text.Json;
using ResNet.Dsl;
using ResNet.Experiments.Budgets;
using ResNet.Experiments.Probes;
using ResNet.Reports;
using ResNet.Runtime;
using ResNet.Runtime.Data;

namespace ResNet.Experiments.Tests;

/// <summary>Errors by testing protocol, counted again from the scores of single views.</summary>
public class ProtocolTests
{
    [Fact]
    public void Right_answers_are_those_of_the_mean_of_the_views()
    {
        using var first = Small.Network(Small.Residual(), seed: 5);
        using var second = Small.Network(Small.Plain(), seed: 6);
        var images = new Shapes10(60, DatasetSplit.Test);
        var probe = new ProtocolProbe();
        Check([first], images, probe.Measure(first, images));
        Check([first, second], images, probe.MeasureTogether([first, second], images, CancellationToken.None)!);
    }

    [Theory]
    [InlineData(32, 32, "10-crop:36", "multi-scale:28,32,36,40")]
    [InlineData(224, 256, "10-crop", "multi-scale")]
    [InlineData(64, 73, "10-crop", "multi-scale:56,64,72,80")]
    [InlineData(1, 1, "10-crop:1", "multi-scale:1,1,1,1")]
    public void Sizes_follow_from_the_input(int side, int resize, string tenCrop, string multiScale) =>
        Assert.Equal(["center-crop", "flip", tenCrop, multiScale], ProtocolProbe.ProtocolsOf(new Preprocessing(resize, side, side)).Select(protocol => protocol.Name));

    /// <summary>Of a network that takes no other size, the other protocols remain.</summary>
    [Fact]
    public void Where_whole_pictures_do_not_fit_there_is_no_row_for_them()
    {
        using var network = Network.Create(new NetworkBuilder().Input(3, 32, 32).Conv(4, 3).MaxPool(3).Conv(4, 10).Flatten().Dense(10).Build("flat"));
        Assert.Equal([0.0, 1, 2], new ProtocolProbe().Measure(network, new Shapes10(20))[ProtocolProbe.Protocol]);
    }

    [Fact]
    public async Task The_page_has_networks_ensemble_and_the_papers_numbers()
    {
        using var folder = new TemporaryFolder();
        var options = Small.Options(folder, Effort.For(1)) with { Seeds = 2 };
        var outcome = await Reproduction.RunAsync(Small.Of(Catalog.Find("protocols")), options);

        var rows = File.ReadAllLines(Path.Combine(options.Folder, "protocols.csv"));
        Assert.Equal(1 + 3 * 4, rows.Length);
        Assert.StartsWith("ensemble of 4,one crop,", rows[9], StringComparison.Ordinal);
        // One crop is what a run is validated by.
        Assert.All(outcome.Trials, trial => Assert.Equal(trial.Error, 100 * (1 - trial.Probes.Single().Table[ProtocolProbe.Top1][0] / 20), 9));
        var paper = File.ReadAllText(Path.Combine(options.Folder, "paper.csv"));
        Assert.Contains("ResNet-152,21.43,5.71,19.38,4.49", paper, StringComparison.Ordinal);
        Assert.EndsWith(",3.57\n", paper, StringComparison.Ordinal);
        Assert.Contains("test server", File.ReadAllText(Path.Combine(options.Folder, ExperimentReport.PageFile)), StringComparison.Ordinal);
        using var numbers = JsonDocument.Parse(File.ReadAllText(Path.Combine(options.Folder, "results.json")));
        Assert.Equal(outcome.Together!.Rows.Count, numbers.RootElement.GetProperty("together").GetProperty("rows").GetArrayLength());
    }

    static void Check(Network[] networks, ImageDataset images, ProbeTable table)
    {
        Assert.Equal([0.0, 1, 2, 3], table[ProtocolProbe.Protocol]);
        foreach (var (row, protocol) in ProtocolProbe.ProtocolsOf(networks[0].Preprocessing).Index())
        {
            var (top1, top5) = (0, 0);
            for (var image = 0; image < images.Count; image++)
            {
                var logits = new double[10];
                foreach (var network in networks)
                    using (var single = new Ensemble(network))
                        foreach (var view in protocol.Views)
                            foreach (var (label, score) in single.Score([images.Load(image)], new TestProtocol("view", view)).Data.ToArray().Index()) logits[label] += score;
                var rank = logits.Count(score => score > logits[images.ClassOf(image)]);
                if (rank == 0) top1++;
                if (rank < 5) top5++;
            }
            Assert.Equal([row, images.Count, top1, top5], table.Rows[row]);
        }
    }
}
