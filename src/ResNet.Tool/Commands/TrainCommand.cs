using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using ResNet.Runtime;
using ResNet.Runtime.Communication;
using ResNet.Runtime.Training;
using ResNet.Tool.Networks;
using ResNet.Tool.Output;
using ResNet.Tool.Training;
using ResNet.Zoo;

namespace ResNet.Tool.Commands;

/// <summary><c>resnet train</c>: a network learns from a data set.</summary>
static class TrainCommand
{
    const int Cancelled = 130;

    public static Command Create(Streams streams)
    {
        var command = new ToolCommand("train", "Train a network or a detector",
            "resnet train cifar-resnet20",
            "resnet train cifar-resnet20 --data cifar-10-batches-bin --epochs 50",
            "resnet train cifar-resnet56 --data cifar-10-batches-bin --recipe paper-cifar --out runs/paper56",
            "resnet train resnet18 --data photos --weights pretrained",
            "resnet train resnet50 --data photos --weights pretrained --freeze layer3 --image-size 160",
            "resnet train resnet18 --data photos --weights pretrained --dry-run",
            "resnet train resnet50 --data imagenet --device cuda",
            "resnet train cifar-resnet56 --out runs/paper56 --resume",
            "mpirun -n 4 resnet train resnet50 --data imagenet --distributed",
            "resnet train shapes-detector",
            "resnet train fasterrcnn-resnet18 --data VOCdevkit/VOC2007 --backbone resnet18.safetensors --image-size 300,500 --anchors 64,128,256 --freeze layer1");
        var model = ModelArguments.ModelOfZoo();
        command.Add(model);
        var settings = new SettingsOptions(command, model);
        var output = new Option<string?>("--out") { Description = "Folder for checkpoints, logs, curve and report; runs/MODEL if not given", HelpName = "DIR" };
        var resume = new Option<bool>("--resume") { Description = "Go on with the run in that folder; its settings need not be said again" };
        var device = new DeviceOption(command);
        var skip = new Option<bool>("--skip-broken") { Description = "Leave out images that cannot be read" };
        var dry = new Option<bool>("--dry-run") { Description = "Say what was found and what the run takes, and stop; nothing is written" };
        var distributed = new Option<bool>("--distributed") { Description = "Train together with the other processes that mpirun has started, each on its part of every batch" };
        var watchdog = CommonOptions.Number("--watchdog", "With --distributed, seconds after which a process that waits for another one ends them all; 0 for never", "SECONDS", 0.0, 1e6, usual: 300.0);
        var json = CommonOptions.Json();
        command.Add(output);
        command.Add(resume);
        command.Add(dry);
        command.Add(skip);
        command.Add(distributed);
        command.Add(watchdog);
        command.Add(json);
        CommonOptions.Reserve(command, model, [skip], []);
        command.SetAction((parsed, cancellationToken) => parsed.GetValue(distributed)
            ? DistributedRun.RunAsync(TimeSpan.FromSeconds(parsed.GetValue(watchdog)), streams, (ranks, own) => RunAsync(parsed, ranks, own, cancellationToken))
            : RunAsync(parsed, Communicator.Single, streams, cancellationToken));
        return command;

        async Task<int> RunAsync(ParseResult parsed, Communicator ranks, Streams streams, CancellationToken cancellationToken)
        {
            var source = parsed.GetRequiredValue(model);
            var folder = parsed.GetValue(output) ?? Path.Combine("runs", source.Name);
            var (isResumed, isDry) = (parsed.GetValue(resume), parsed.GetValue(dry));
            if (!isResumed && !isDry && File.Exists(Path.Combine(folder, TrainingCheckpoint.Last)))
                throw new ToolException($"{folder} has a run already: go on with it with --resume, or choose another folder with --out");
            if (isResumed && File.Exists(Path.Combine(folder, RunFile.Name)) && !File.Exists(Path.Combine(folder, TrainingCheckpoint.Last)))
                throw new ToolException($"{folder}: the run was ended before its first checkpoint; start it again, without --resume");
            using var on = device.Open(parsed, DistributedRun.UsualThreads(ranks));
            if (parsed.GetValue(distributed)) streams.Error.WriteLine(DistributedRun.Layout(ranks, on));
            var isCancelled = source switch
            {
                DetectorSource { Model: { } detector } => await new DetectorTraining(detector, folder, isResumed, on, ranks, streams)
                    .RunAsync(before => settings.Read(parsed, detector, before), isDry, parsed.GetValue(json), cancellationToken),
                NetworkSource { Model: { } network } => await TrainAsync(network),
                _ => throw new UnreachableException(),
            };
            if (!isCancelled) return 0;
            var place = parsed.GetValue(output) is null ? "" : $" --out {folder}";
            var (launcher, together) = parsed.GetValue(distributed) ? ($"mpirun -n {ranks.Size} ", " --distributed") : ("", "");
            streams.Error.WriteLine($"stopped; go on with: {launcher}resnet train {source.Name}{place}{together} --resume");
            return Cancelled;

            async Task<bool> TrainAsync(Model chosen)
            {
                var before = isResumed ? RunFile.Read(folder, chosen.Name, TrainingSettingsJson.Default.TrainingSettings, TrainingSettings.Of(chosen)) : null;
                var prepared = await PreparedRun.OpenAsync(chosen, settings.Read(parsed, chosen, before), folder, isResumed, on, parsed.GetValue(skip), ranks, streams, cancellationToken);
                using var network = prepared.Network;
                foreach (var warning in prepared.Run.Warnings) streams.Error.WriteLine($"warning: {warning}");
                if (isDry)
                {
                    var report = await prepared.EstimateAsync(streams, cancellationToken);
                    if (parsed.GetValue(json)) ReportContext.Write(streams.Out, report);
                    else DryRunText.Write(streams.Out, report);
                    return false;
                }

                var result = await prepared.RunAsync(isResumed, streams, cancellationToken);
                if (parsed.GetValue(json)) ReportContext.Write(streams.Out, Report(chosen.Name, folder, on, result));
                else WriteText(streams.Out, folder, result);
                return result.Cancelled;
            }
        }
    }

    static TrainReport Report(string model, string folder, Device device, TrainingResult result) => new(
        model, folder, device.Name, result.Steps, result.Epochs.Count, result.Best?.Epoch, result.Best?.Validation,
        result.Epochs is [.., var last] ? last.Validation : null, result.Cancelled, result.StoppedEarly, result.Epochs.Sum(epoch => epoch.Seconds));

    static void WriteText(TextWriter output, string folder, TrainingResult result)
    {
        static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
        static string Accuracy(EpochMetrics epoch) => epoch.Validation is { } validation
            ? Format($"{validation:P2} on validation") : Format($"{epoch.Accuracy:P2} while training");
        output.WriteLine(Format($"{result.Steps} steps in {result.Epochs.Count} epochs{(result.StoppedEarly ? ", stopped early" : "")}"));
        if (result.Epochs is [.., var last]) output.WriteLine($"last  {Accuracy(last)}  {Path.Combine(folder, TrainingCheckpoint.Last)}");
        if (result.Best is { } best) output.WriteLine(Format($"best  {Accuracy(best)}  {Path.Combine(folder, TrainingCheckpoint.Best)}, epoch {best.Epoch}"));
    }
}
