using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ResNet.Peers.Contenders;
using ResNet.Tool.Commands;
using ResNet.Tool.Output;
using ResNet.Zoo;

namespace ResNet.Peers;

/// <summary>The command line.</summary>
static class PeersCommand
{
    static readonly Dictionary<string, Work> _works = new(StringComparer.OrdinalIgnoreCase) { ["inference"] = Work.Inference, ["training"] = Work.Training };
    static readonly Dictionary<string, string> _peers = new(StringComparer.OrdinalIgnoreCase) { ["onnxruntime"] = Programs.OnnxRuntime, ["torchsharp"] = Programs.TorchSharp };

    public static RootCommand Create(Action<Settings> run)
    {
        var work = new Argument<Work>("WORK")
        {
            Description = "inference or training",
            HelpName = "WORK",
            DefaultValueFactory = _ => Work.Inference,
            CustomParser = result => One(result, "WORK", text => Named(_works, text)),
        };
        var networks = List("--networks", "Networks, as \"resnet models\" names them [default: resnet18,resnet50; training: cifar-resnet20,resnet18]", Models.Find);
        var batches = List("--batch", "Images at a time [default: 1,8; training: 8]", text => Number(text, least: 1, most: 4096));
        var threads = List("--threads", "Threads of each program [default: 1,2]", text => Number(text, least: 1, most: 1024));
        var peers = List("--peers", "Programs to compare with [default: onnxruntime,torchsharp]", text => Named(_peers, text));
        var rounds = CommonOptions.Number("--rounds", "Number of interleaved rounds", "N", least: 1, most: 1000, usual: 3);
        var seconds = CommonOptions.Number("--seconds", "Length of each program's part of a round; one run at least", "S", least: 0.0, most: 3600.0, usual: 1.5);
        var json = new Option<string>("--json") { Description = "File for the whole report: the least of each round, medians, versions", HelpName = "FILE" };
        var command = new RootCommand("Compares the speed of ResNet.Dsl with ONNX Runtime's and TorchSharp's, in one process and on the same weights.")
        {
            work, networks, batches, threads, peers, rounds, seconds, json,
        };
        command.SetAction(parsed =>
        {
            var isTraining = parsed.GetValue(work) == Work.Training;
            run(new(
                parsed.GetValue(work),
                Given(networks, isTraining ? [Models.CifarResNet20, Models.ResNet18] : [Models.ResNet18, Models.ResNet50]),
                Given(batches, isTraining ? [8] : [1, 8]),
                Given(threads, 1, 2),
                Given(peers, [.. _peers.Values]),
                parsed.GetValue(rounds), parsed.GetValue(seconds), parsed.GetValue(json)));

            T[] Given<T>(Option<T[]> option, params T[] usual) => parsed.GetValue(option) is { Length: > 0 } values ? values : usual;
        });
        return command;
    }

    /// <summary>An option of values between commas.</summary>
    static Option<T[]> List<T>(string name, string description, Func<string, T> parse) => new(name)
    {
        Description = description,
        HelpName = "A,B",
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = result => One(result, name, text => text.Split(',').Select(parse).ToArray()),
    };

    static T One<T>(ArgumentResult result, string name, Func<string, T> parse)
    {
        try
        {
            return parse(result.Tokens[0].Value);
        }
        catch (ArgumentException e)
        {
            result.AddError($"{name}: {e.Message}");
            return default!;
        }
    }

    static T Named<T>(Dictionary<string, T> values, string text) => values.TryGetValue(text, out var value)
        ? value
        : throw new ArgumentException($"expected {string.Join(" or ", values.Keys)}, found \"{text}\"");

    static int Number(string text, int least, int most) =>
        StrictNumber.TryParse<int>(text, out var value) && value >= least && value <= most
            ? value
            : throw new ArgumentException($"expected {StrictNumber.Expected<int>(string.Create(CultureInfo.InvariantCulture, $"from {least} to {most}"))}, found \"{text}\"");
}
