using System.CommandLine;
using ResNet.Dsl;
using ResNet.Experiments;
using ResNet.Reports;
using ResNet.Tool.Data;
using ResNet.Tool.Output;

namespace ResNet.Tool.Commands;

/// <summary><c>resnet reproduce</c>: experiments of the papers.</summary>
static class ReproduceCommand
{
    // The largest input among the experiments' networks.
    static readonly Shape _largestInput = new(3, 64, 64);

    public static Command Create(Streams streams)
    {
        var command = new ToolCommand("reproduce", "Reproduce an experiment of the papers; without a name, list them",
            "resnet reproduce",
            "resnet reproduce degradation",
            "resnet reproduce degradation --data cifar-10-batches-bin --epochs 12 --seeds 3",
            "resnet reproduce gradients --budget 10m",
            "resnet reproduce responses --data cifar-10-batches-bin --weights runs/plain56 runs/resnet56",
            "resnet reproduce cifar --data cifar-10-batches-bin --full --device cuda");
        var name = new Argument<Experiment?>("NAME")
        {
            Description = "The experiment",
            Arity = ArgumentArity.ZeroOrOne,
            CustomParser = result => Find(result),
        };
        name.CompletionSources.Add([.. Catalog.All.Select(experiment => experiment.Name)]);
        var data = new Option<string>("--data") { Description = Datasets.Description, HelpName = "PATH", DefaultValueFactory = _ => Datasets.Shapes };
        var effort = new EffortOptions();
        var seeds = CommonOptions.Number("--seeds", "Runs of each network, with the seeds from 1 on", "N", least: 1, most: 100, usual: 1);
        var networks = new Option<string?>("--networks") { Description = "Names of the networks, with commas between; the experiment's usual ones if not given", HelpName = "NAMES" };
        var weights = new Option<string[]>("--weights")
        {
            Description = "Measure these weights that training has saved, files or runs' folders, instead of training",
            HelpName = "FILE",
            AllowMultipleArgumentsPerToken = true,
        };
        var output = new Option<string?>("--out") { Description = "Folder for runs and results; runs/reproduce/NAME if not given", HelpName = "DIR" };
        var json = CommonOptions.Json();
        command.Add(name);
        command.Add(data);
        effort.AddTo(command);
        command.Add(seeds);
        command.Add(networks);
        command.Add(weights);
        var device = new DeviceOption(command);
        command.Add(output);
        command.Add(json);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(name) is not { } experiment)
            {
                ExperimentText.WriteList(streams.Out, parsed.GetValue(json));
                return 0;
            }
            var folder = parsed.GetValue(output) ?? Path.Combine("runs", "reproduce", experiment.Name);
            var images = await Datasets.OpenSplitsAsync(parsed.GetRequiredValue(data), null, new(), streams, cancellationToken);
            images = images with { Train = await Datasets.KeepAsync(images.Train, _largestInput, streams, cancellationToken) };
            using var on = device.Open(parsed);
            var options = new ReproductionOptions
            {
                Data = images,
                Folder = folder,
                Effort = effort.Read(parsed),
                Seeds = parsed.GetValue(seeds),
                Networks = parsed.GetValue(networks)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
                Device = on,
            };
            var outcome = await Progress.RunAsync(streams, $"Reproducing {experiment.Name}", report =>
                RunAsync(experiment, options with { OnProgress = now => report(new(now.Done, now.Total, now.Text, now.Line)) }, parsed.GetValue(weights) ?? [], cancellationToken));
            if (parsed.GetValue(json)) ReportContext.Write(streams.Out, ExperimentText.Report(outcome, folder));
            else ExperimentText.Write(streams.Out, outcome, Path.Combine(folder, ExperimentReport.PageFile));
            return 0;
        });
        return command;
    }

    static Task<Outcome> RunAsync(Experiment experiment, ReproductionOptions options, string[] weights, CancellationToken cancellationToken) => weights.Length > 0
        ? Task.Run(() => Reproduction.Measure(experiment, options, weights, cancellationToken), cancellationToken)
        : Reproduction.RunAsync(experiment, options, cancellationToken);

    static Experiment? Find(System.CommandLine.Parsing.ArgumentResult result)
    {
        if (result.Tokens.Count == 0) return null;
        try
        {
            return Catalog.Find(result.Tokens[0].Value);
        }
        catch (ArgumentException e)
        {
            result.AddError(e.Message);
            return null;
        }
    }
}
