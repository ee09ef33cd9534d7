using System.CommandLine;
using ResNet.Tool.Benchmarking;
using ResNet.Tool.Output;

namespace ResNet.Tool.Commands;

/// <summary><c>resnet bench</c>: how fast a network is.</summary>
static class BenchCommand
{
    public static Command Create(Streams streams)
    {
        var command = new ToolCommand("bench", "Time the forward pass or the training step, layer by layer, with random weights",
            "resnet bench resnet50",
            "resnet bench resnet18 --batch 8 --threads 1 --seconds 10",
            "resnet bench cifar-resnet20 --train --batch 128",
            "resnet bench runs/photos",
            "resnet bench resnet50 --planned",
            "resnet bench resnet50 --batch 64 --device cuda");
        var model = ModelArguments.Network();
        var batch = CommonOptions.Batch(1);
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
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var on = device.Open(parsed);
            var benchmark = new Benchmark(parsed.GetRequiredValue(model), parsed.GetValue(batch), on, parsed.GetValue(seconds), parsed.GetValue(train), parsed.GetValue(planned));
            var report = await Progress.RunAsync(streams, "Measuring", report => Task.Run(() => benchmark.Run(report, cancellationToken), cancellationToken));
            if (parsed.GetValue(json)) ReportContext.Write(streams.Out, report);
            else BenchText.Write(streams.Out, report);
        });
        return command;
    }
}
