using System.Text.Json;
using System.Xml.Linq;
using ResNet.Dsl;
using ResNet.Experiments.Budgets;
using ResNet.Reports;
using ResNet.Runtime.Runs;
using ResNet.Runtime.Training;

namespace ResNet.Experiments.Tests;

public class ReproductionTests
{
    static readonly Effort _seconds = Effort.Within(TimeSpan.FromSeconds(1));

    public static TheoryData<string> Names => [.. Catalog.All.Select(experiment => experiment.Name)];

    /// <summary>Each experiment runs within seconds and leaves its files, which agree with what it returns.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task Each_experiment_leaves_its_results(string name)
    {
        using var folder = new TemporaryFolder();
        var experiment = Small.Of(Catalog.Find(name));
        var options = Small.Options(folder, _seconds);
        var outcome = await Reproduction.RunAsync(experiment, options);

        Assert.Equal(experiment.Subjects.Select(subject => subject.Name), outcome.Trials.Select(trial => trial.Subject.Name));
        Assert.All(outcome.Trials, trial => Assert.Equal(outcome.Schedule!.Epochs, trial.Epochs.Count));
        Assert.All(outcome.Trials, trial => Assert.Equal(outcome.Schedule!.Steps, trial.Losses.Count));
        var page = File.ReadAllText(Path.Combine(options.Folder, ExperimentReport.PageFile));
        Assert.Contains(experiment.Source.Split(',')[0], page, StringComparison.Ordinal);
        Assert.Contains("shortened", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
        Assert.All(experiment.Subjects.Where(subject => subject.PaperError is not null), subject =>
            Assert.Contains($"<td>{FormattableString.Invariant($"{subject.PaperError:F2}")}</td>", page, StringComparison.Ordinal));
        var results = File.ReadAllLines(Path.Combine(options.Folder, "results.csv"));
        Assert.Equal(1 + experiment.Subjects.Count, results.Length);
        Assert.Equal(experiment.Subjects.Count(subject => subject.FailsInPaper), results.Count(line => line.EndsWith("fails (above 20)", StringComparison.Ordinal)));
        Assert.All(outcome.Trials, trial => Assert.True(File.Exists(Path.Combine(options.Folder, $"{trial.Subject.Name}-seed-1", TrainingCheckpoint.Last))));
        Assert.Contains("| network |", File.ReadAllText(Path.Combine(options.Folder, ExperimentReport.MarkdownFile)), StringComparison.Ordinal);
        Assert.NotEmpty(Directory.GetFiles(options.Folder, "*.svg"));
        Assert.All(Directory.GetFiles(options.Folder, "*.svg"), file => Assert.Equal("svg", XDocument.Load(file).Root!.Name.LocalName));
        using var numbers = JsonDocument.Parse(File.ReadAllText(Path.Combine(options.Folder, "results.json")));
        var runs = numbers.RootElement.GetProperty("runs");
        Assert.Equal(outcome.Trials.Count, runs.GetArrayLength());
        Assert.Equal(outcome.Trials.Select(trial => trial.Subject.FailsInPaper), runs.EnumerateArray().Select(run => run.GetProperty("failsInPaper").GetBoolean()));
        Assert.Equal(outcome.Trials[0].Error, runs[0].GetProperty("epochs").EnumerateArray().Last().GetProperty("testError").GetDouble(), 9);
    }

    [Fact]
    public async Task The_same_again_makes_no_step_and_gives_the_same()
    {
        using var folder = new TemporaryFolder();
        var experiment = Small.Of(Catalog.Find("gradients"));
        var options = Small.Options(folder, Effort.For(2)) with { Seeds = 2 };
        var first = await Reproduction.RunAsync(experiment, options);
        var lines = new List<string>();
        var second = await Reproduction.RunAsync(experiment, options with { OnProgress = progress => lines.Add(progress.Text) });

        Assert.Empty(lines);
        Assert.Equal(first.Trials.Select(trial => trial.Error), second.Trials.Select(trial => trial.Error));
        Assert.Equal(first.Trials.SelectMany(trial => trial.Losses), second.Trials.SelectMany(trial => trial.Losses));
        Assert.All(second.Trials, trial => Assert.Equal([0, 1, 2], trial.Probes.Select(probed => probed.Epoch)));
        Assert.Equal(2, second.Seeds);
        // Seeds differ, networks of a seed do not depend on the order.
        Assert.NotEqual(second.Trials[0].Losses, second.Trials[1].Losses);
    }

    [Fact]
    public async Task A_stopped_experiment_goes_on_to_the_same_end()
    {
        using var folder = new TemporaryFolder();
        var experiment = Small.Of(Catalog.Find("degradation"));
        var whole = await Reproduction.RunAsync(experiment, Small.Options(folder, Effort.For(2), images: 300) with { Folder = folder.File("whole") });
        var options = Small.Options(folder, Effort.For(2), images: 300);
        using var stop = new CancellationTokenSource();
        var steps = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Reproduction.RunAsync(
            experiment,
            options with { OnProgress = progress => { if (progress.Text.Contains("step", StringComparison.Ordinal) && ++steps == 8) stop.Cancel(); } },
            stop.Token));
        var stopped = await Reproduction.RunAsync(experiment, options);
        Assert.Equal(whole.Trials.Select(trial => trial.Error), stopped.Trials.Select(trial => trial.Error));
        Assert.Equal(whole.Trials.SelectMany(trial => trial.Losses), stopped.Trials.SelectMany(trial => trial.Losses));
    }

    [Fact]
    public async Task Runs_that_were_made_elsewhere_are_used()
    {
        using var folder = new TemporaryFolder();
        var experiment = Small.Of(Catalog.Find("degradation"));
        var options = Small.Options(folder, Effort.For(2));
        var subject = experiment.Subjects[0];
        using (var network = subject.Create(10, null))
        {
            new Runtime.Weights.Initialization.HeInitializer(1).Initialize(network.Parameters);
            var settings = Recipe.FastCifar.Apply(new RunSettings { Seed = 1 }) with { Epochs = 2 };
            var (train, validation) = options.Data;
            new TrainingRun(network, train, validation, settings, Path.Combine(options.Folder, $"{subject.Name}-seed-1")).Run();
        }
        var before = File.GetLastWriteTimeUtc(Path.Combine(options.Folder, $"{subject.Name}-seed-1", TrainingCheckpoint.Last));
        var outcome = await Reproduction.RunAsync(experiment, options);
        Assert.Equal(2, outcome.Trials[0].Epochs.Count);
        Assert.Equal(before, File.GetLastWriteTimeUtc(Path.Combine(options.Folder, $"{subject.Name}-seed-1", TrainingCheckpoint.Last)));

        // Of another length they are not.
        File.Delete(Path.Combine(options.Folder, "plan.json"));
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => Reproduction.RunAsync(experiment, options with { Effort = Effort.For(3) }));
        Assert.Contains("has a run of 2 epochs, not of 3", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_settings_in_a_folder_are_refused()
    {
        using var folder = new TemporaryFolder();
        var options = Small.Options(folder, _seconds) with { Networks = ["cifar-plain20"] };
        var experiment = Small.Of(Catalog.Find("degradation"));
        await Reproduction.RunAsync(experiment, options);
        await Refuse(Small.Of(Catalog.Find("cifar")), options with { Networks = ["cifar-resnet20"] }, "is of the experiment degradation, not cifar");
        await Refuse(experiment, options with { Effort = Effort.For(3) }, "was made with --budget 1s, not --epochs 3");
        await Refuse(experiment, options with { Seeds = 2 }, "number of 1, not 2");
        await Refuse(experiment, options with { Networks = ["cifar-plain20", "cifar-resnet20"] }, "among cifar-plain20, not cifar-plain20, cifar-resnet20");
        await Refuse(experiment, Small.Options(folder, _seconds, images: 70) with { Networks = ["cifar-plain20"] }, "was made on Shapes10, 64 drawn");
        File.WriteAllText(Path.Combine(options.Folder, "plan.json"), "{");
        await Refuse(experiment, options, "plan.json: the plan of the runs cannot be read");

        static async Task Refuse(Experiment experiment, ReproductionOptions options, string expected) =>
            Assert.Contains(expected, (await Assert.ThrowsAsync<InvalidOperationException>(() => Reproduction.RunAsync(experiment, options))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trained_networks_are_measured_in_the_place_of_training()
    {
        using var folder = new TemporaryFolder();
        var options = Small.Options(folder, Effort.For(1));
        using var network = Small.Network(Small.Residual());
        foreach (var name in new[] { "responses", "gradients", "protocols" })
        {
            var outcome = Reproduction.Measure(Catalog.Find(name), options with { Folder = folder.File(name) }, [("mine", network)]);
            Assert.Equal("mine", outcome.Trials.Single().Subject.Label);
            Assert.NotEmpty(outcome.Trials.Single().Probes.Single().Table.Rows);
            Assert.Contains("Nothing was trained", File.ReadAllText(Path.Combine(folder.File(name), ExperimentReport.PageFile)), StringComparison.Ordinal);
        }
        Assert.Contains("errors alone", Assert.Throws<ArgumentException>(() => Reproduction.Measure(Catalog.Find("cifar"), options, [("mine", network)])).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => Reproduction.RunAsync(Catalog.Find("cifar"), options with { Networks = ["vgg"] }));
    }

    [Theory]
    [InlineData("degradatoin", "did you mean degradation")]
    [InlineData("grad", "did you mean gradients")]
    [InlineData("xyzzyxyzzy", "expected one of degradation, ")]
    public void An_unknown_experiment_is_an_error_that_helps(string name, string expected) =>
        Assert.Contains(expected, Assert.Throws<ArgumentException>(() => Catalog.Find(name)).Message, StringComparison.Ordinal);

    /// <summary>Table 1 of He et al. 2016: five numbers and three failures beside the identity's, of ResNet-110.</summary>
    [Theory]
    [InlineData("cifar-110-identity", "6.61")]
    [InlineData("cifar-110-constant-scaling", "fails (above 20)")]
    [InlineData("cifar-110-exclusive-gating-0", "fails (above 20)")]
    [InlineData("cifar-110-shortcut-gating-0", "12.86")]
    [InlineData("cifar-20-projection", "12.22")]
    public void What_the_paper_says_of_a_shortcut_stands_beside_it(string name, string expected) =>
        Assert.Equal(expected, Catalog.Find("shortcuts").Subjects.Single(subject => subject.Name == name).PaperResult);

    /// <summary>Networks of a picture differ in the color or the dashes of their curves, those that are trained on request too.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Curves_can_be_told_apart(string name) =>
        Assert.Distinct(Catalog.Find(name).Subjects.Select(subject => (subject.Color, subject.IsDashed, subject.IsDotted)));

    /// <summary><c>--full</c> takes the schedule of the experiment's own paper.</summary>
    [Theory]
    [InlineData("degradation", 164, 128)]
    [InlineData("options", 120, 256)]
    [InlineData("stochastic-depth", 500, 128)]
    [InlineData("wide", 200, 128)]
    public void The_papers_schedules_are_those_of_full_runs(string name, int epochs, int batch)
    {
        using var folder = new TemporaryFolder();
        var usual = new Running.Trainee(Catalog.Find(name), Small.Options(folder, Effort.Full)).Usual;
        Assert.Equal((epochs, batch), (usual.Epochs, usual.Batch));
    }

    /// <summary>Every experiment that has large networks has small ones, which it trains unless others are asked for.</summary>
    [Theory]
    [InlineData("shortcuts", 9, 18)]
    [InlineData("units", 5, 15)]
    [InlineData("stochastic-depth", 4, 6)]
    [InlineData("wide", 3, 6)]
    public void Large_networks_are_trained_on_request(string name, int usual, int all)
    {
        var experiment = Catalog.Find(name);
        Assert.Equal((usual, all), (experiment.Subjects.Count(subject => !subject.IsExtra), experiment.Subjects.Count));
        foreach (var subject in experiment.Subjects.Where(subject => !subject.IsExtra))
        {
            using var network = subject.Create(10, null);
            Assert.InRange(NetworkSummary.Of(network.Definition).MultiplyAdds, 20e6, 500e6);
        }
    }

    /// <summary>All networks that experiments declare can be made, under names of their own, and no two of an experiment are the same.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Each_network_can_be_made(string name)
    {
        var experiment = Catalog.Find(name);
        Assert.Distinct(experiment.Subjects.Select(subject => subject.Name));
        var networks = new List<NetworkDefinition>();
        foreach (var subject in experiment.Subjects.Where(subject => !subject.Name.Contains("1202", StringComparison.Ordinal)))
        {
            using var network = subject.Create(7, null);
            Assert.Equal(7, network.Definition.Output.Channels);
            networks.Add(network.Definition with { Name = "" });
        }
        Assert.Distinct(networks);
    }
}
