using System.Runtime.InteropServices;
using ResNet.Tool;
using ResNet.Tool.Output;

using var cancellation = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
return await ResNetCommand.RunAsync(args, Streams.OfProcess(), cancellation.Token);

void Cancel(PosixSignalContext signal)
{
    // The command ends by itself, cleanly; whoever cannot wait for that asks a second time.
    signal.Cancel = !cancellation.IsCancellationRequested;
    cancellation.Cancel();
}
