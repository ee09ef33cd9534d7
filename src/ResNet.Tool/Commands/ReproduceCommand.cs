using System.CommandLine;
using ResNet.Dsl;
using ResNet.Experiments;
using ResNet.Reports;
using ResNet.Runtime.Data;
using ResNet.Tool.Data;
using ResNet.Tool.Networks;
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
            "resnet reproduce protocols --data photos.csv --networks resnet18,resnet50 --weights resnet18.pth resnet50.pth",
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
        var networks = new Option<string?>("--networks") { Description = "Names of the networks, with commas between; the experiment's usual ones if not given. With --weights, the models that the files are of", HelpName = "NAMES" };
        var weights = new Option<string[]>("--weights")
        {
            Description = "Measure these weights, files or runs' folders, instead of training; --networks names the models of files that training has not saved",
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
            var (path, files) = (parsed.GetRequiredValue(data), parsed.GetValue(weights) ?? []);
            var names = parsed.GetValue(networks)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            // Before weights are read for nothing.
            Datasets.Check(path);
            using var on = device.Open(parsed);
            using var measured = files.Length > 0 ? MeasuredNetworks.Open(experiment, files, names, on) : null;
            var images = measured is null
                ? await OpenSplitsAsync(path, streams, cancellationToken)
                : new(await Datasets.OpenAsync(path, DatasetSplit.Test, measured.Networks[0].Network.Labels, streams, cancellationToken), null);
            var options = new ReproductionOptions { Data = images, Folder = folder, Effort = effort.Read(parsed), Seeds = parsed.GetValue(seeds), Networks = names, Device = on };
            var outcome = await Progress.RunAsync(streams, $"Reproducing {experiment.Name}", report => measured is null
                ? Reproduction.RunAsync(experiment, options with { OnProgress = now => report(new(now.Done, now.Total, now.Text, now.Line)) }, cancellationToken)
                : Task.Run(() => Reproduction.Measure(experiment, options, measured.Networks, cancellationToken), cancellationToken));
            if (parsed.GetValue(json)) ReportContext.Write(streams.Out, ExperimentText.Report(outcome, folder));
            else ExperimentText.Write(streams.Out, outcome, Path.Combine(folder, ExperimentReport.PageFile));
            return 0;
        });
        return command;
    }

    static async Task<DatasetSplits> OpenSplitsAsync(string path, Streams streams, CancellationToken cancellationToken)
    {
        var images = await Datasets.OpenSplitsAsync(path, null, new(), streams, cancellationToken);
        return images with { Train = await Datasets.KeepAsync(images.Train, _largestInput, streams, cancellationToken) };
    }

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
