using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using ResNet.Dsl;
using ResNet.Imaging.Skia;
using ResNet.Onnx;
using ResNet.Runtime;
using ResNet.Runtime.Communication;
using ResNet.Runtime.Data;
using ResNet.Runtime.Training;
using ResNet.Tool.Commands;
using ResNet.Tool.Output;

namespace ResNet.Tool;

/// <summary>The command line.</summary>
static class ResNetCommand
{
    const int Failure = 1, UsageError = 2;

    // The exit code that shells report for a process that Ctrl-C ended: 128 + SIGINT.
    const int Cancelled = 130;

    /// <summary>Runs a command line.</summary>
    /// <returns>0; 1 for an error, 2 for a wrong command line, 130 if canceled.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Streams streams, CancellationToken cancellationToken = default)
    {
        SkiaImages.Register();
        var parsed = Create(streams).Parse(args);
        if (parsed.Action is ParseErrorAction)
        {
            var command = parsed.CommandResult.Command is ToolCommand { Name: var name } ? $"resnet {name}" : "resnet";
            // A superfluous argument explains more than the missing one that it causes.
            var message = parsed.UnmatchedTokens is [var token, ..] ? $"There is no command or option {token}" : parsed.Errors[0].Message.TrimEnd('.');
            streams.WriteError($"{message} (see \"{command} --help\")");
            return UsageError;
        }
        try
        {
            return await parsed.InvokeAsync(
                new() { Output = streams.Out, Error = streams.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            streams.WriteError("cancelled");
            return Cancelled;
        }
        catch (Exception e) when (IsExpected(e))
        {
            streams.WriteError(e.Message);
            return Failure;
        }
#pragma warning disable CA1031 // whatever it is, a user sees one line and no stack trace
        catch (Exception e)
#pragma warning restore CA1031
        {
            streams.WriteError($"{e.GetType().Name}: {e.Message}");
            return Failure;
        }
    }

    /// <summary>Errors whose messages are written for users.</summary>
    static bool IsExpected(Exception e) =>
        e is ToolException or DatasetException or WeightsException or ImageException or NetworkException or OnnxException or IOException or UnauthorizedAccessException
            or TrainingDivergedException or CommunicationException or GpuException or InvalidDataException or ArgumentException or InvalidOperationException;

    internal static RootCommand Create(Streams streams)
    {
        var root = new RootCommand("Residual networks: what they look like, what they see, how good and how fast they are.")
        {
            ClassifyCommand.Create(streams),
            DetectCommand.Create(streams),
            EmbedCommand.Create(streams),
            SimilarCommand.Create(streams),
            EvaluateCommand.Create(streams),
            TrainCommand.Create(streams),
            ReproduceCommand.Create(streams),
            ExportCommand.Create(streams),
            ImportCommand.Create(streams),
            SummaryCommand.Create(streams),
            ConvertCommand.Create(streams),
            BenchCommand.Create(streams),
            ModelsCommand.Create(streams),
        };
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }

    /// <summary>The library's help, followed by the command's examples.</summary>
    sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            var exitCode = help.Invoke(parseResult);
            if (parseResult.CommandResult.Command is not ToolCommand command) return exitCode;
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var example in command.Examples) output.WriteLine($"  {example}");
            output.WriteLine();
            return exitCode;
        }
    }
}
