using System.Runtime.InteropServices;
using ResNet.Tool;
using ResNet.Tool.Output;

using var cancellation = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
return await ResNetCommand.RunAsync(args, Streams.OfProcess(), cancellation.Token);

void Cancel(PosixSignalContext signal)
{
    // The command ends by itself, cleanly; a second signal ends it at once.
    signal.Cancel = !cancellation.IsCancellationRequested;
    cancellation.Cancel();
}
