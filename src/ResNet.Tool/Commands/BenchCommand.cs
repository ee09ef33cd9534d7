using System.CommandLine;
using System.Diagnostics;
using ResNet.Tool.Benchmarking;
using ResNet.Tool.Networks;
using ResNet.Tool.Output;

namespace ResNet.Tool.Commands;

/// <summary><c>resnet bench</c>: how fast a network is.</summary>
static class BenchCommand
{
    /// <summary>Regions that a detector's head computes at a time.</summary>
    const int Regions = 32;

    public static Command Create(Streams streams)
    {
        var command = new ToolCommand("bench", "Time the forward pass or the training step, layer by layer, with random weights",
            "resnet bench resnet50",
            "resnet bench resnet18 --batch 8 --threads 1 --seconds 10",
            "resnet bench cifar-resnet20 --train --batch 128",
            "resnet bench runs/photos",
            "resnet bench fasterrcnn-resnet50 --batch 64",
            "resnet bench resnet50 --planned",
            "resnet bench resnet50 --batch 64 --device cuda");
        var model = ModelArguments.Model();
        var batch = CommonOptions.Batch(1);
        batch.Description += $"; of a detector, regions of the head ({Regions} if not given)";
        var seconds = CommonOptions.Number("--seconds", "How long to measure, after a second of warm-up: the whole, then the layers", "S", least: 0.0, most: 3600.0, usual: 5.0);
        var train = new Option<bool>("--train") { Description = "Time the training step: forward, loss, backward, update" };
        var planned = new Option<bool>("--planned") { Description = "Plan the network at run time, as Network.Create does, in place of the compiled class" };
        var json = CommonOptions.Json();
        command.Add(model);
        command.Add(batch);
        var device = new DeviceOption(command);
        command.Add(seconds);
        command.Add(train);
        command.Add(planned);
        command.Add(json);
        CommonOptions.Reserve(command, model, [train, planned], []);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var on = device.Open(parsed);
            var (duration, isJson) = (parsed.GetValue(seconds), parsed.GetValue(json));
            switch (parsed.GetRequiredValue(model))
            {
                case DetectorSource detector:
                    var regions = parsed.GetResult(batch) is { Implicit: false } ? parsed.GetValue(batch) : Regions;
                    var both = await MeasureAsync(new DetectorBenchmark(detector, regions, on, duration).Run, cancellationToken);
                    if (isJson) ReportContext.Write(streams.Out, both);
                    else BenchText.Write(streams.Out, both);
                    break;
                case NetworkSource network:
                    var benchmark = new Benchmark(network.Name, () => network.Create(on), parsed.GetValue(batch), on, duration, parsed.GetValue(train), parsed.GetValue(planned));
                    var report = await MeasureAsync(benchmark.Run, cancellationToken);
                    if (isJson) ReportContext.Write(streams.Out, report);
                    else BenchText.Write(streams.Out, report);
                    break;
                default:
                    throw new UnreachableException();
            }
        });
        return command;

        Task<T> MeasureAsync<T>(Func<Action<Step>, CancellationToken, T> measure, CancellationToken cancellationToken) =>
            Progress.RunAsync(streams, "Measuring", report => Task.Run(() => measure(report, cancellationToken), cancellationToken));
    }
}
