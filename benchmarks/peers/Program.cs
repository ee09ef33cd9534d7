using System.CommandLine.Invocation;
using ResNet.Dsl;
using ResNet.Peers;
using ResNet.Tool.Output;

const int Failure = 1, UsageError = 2;

var parsed = PeersCommand.Create(settings => new Comparison(settings).Run(Console.Out)).Parse(args);
if (parsed.Action is ParseErrorAction)
{
    Console.Error.WriteLine(Streams.ErrorLine($"{parsed.Errors[0].Message.TrimEnd('.')} (see --help)"));
    return UsageError;
}
try
{
    return parsed.Invoke(new() { EnableDefaultExceptionHandler = false });
}
catch (Exception e) when (e is ToolException or NetworkException or NotSupportedException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(Streams.ErrorLine(e.Message));
    return Failure;
}
