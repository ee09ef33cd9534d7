using System.Diagnostics;
using ResNet.Runtime.Communication;
using ResNet.Runtime.Mpi.Binding;

namespace ResNet.Runtime.Mpi;

/// <summary>
/// The ranks that a launcher such as <c>mpirun</c> has started, connected by the installed MPI, which is bound at run time: Open MPI, MPICH and those of
/// its family, and implementations of the MPI 5 ABI.
/// </summary>
public sealed class MpiCommunicator : Communicator
{
    /// <summary>The time that MPI has to end a process, which may be in a call that never returns.</summary>
    static readonly TimeSpan _timeToEnd = TimeSpan.FromSeconds(5);

    static int _opened;

    readonly MpiFunctions _functions;
    bool _disposed;

    MpiCommunicator(MpiFunctions functions, int rank, int size) : base(rank, size) => (_functions, Name) = (functions, functions.Version());

    /// <inheritdoc/>
    public override string Name { get; }

    /// <summary>Connects this process with the others; possible once in a process.</summary>
    /// <param name="watchdog">The time after which a call that has not returned ends all ranks; null waits forever.</param>
    /// <exception cref="CommunicationException">
    /// There is no MPI, or the launcher belongs to another one: each process would be rank 0 of 1. The message says what to install or to start.
    /// </exception>
    /// <exception cref="InvalidOperationException">The process is connected already, or was.</exception>
    public static MpiCommunicator Open(TimeSpan? watchdog = null)
    {
        var launcher = Launcher.Find(Environment.GetEnvironmentVariable);
        var (library, path) = MpiLibrary.Load(launcher);
        if (Interlocked.Exchange(ref _opened, 1) == 1) throw new InvalidOperationException("MPI connects a process once: dispose its communicator at the end of the process");
        var functions = new MpiFunctions(library, path);
        var (rank, size) = functions.Begin();
        if (size == 1 && launcher is { Size: > 1 })
        {
            var message = $"{launcher.Variable} says that {launcher.Size} processes were started, but to {functions.Version()} ({path}) this one is rank 0 of 1: the launcher is another MPI's. Start with the mpirun of the same MPI, or name its library by {MpiLibrary.Variable}";
            functions.End();
            throw new CommunicationException(message);
        }
        return new(functions, rank, size) { Watchdog = watchdog };
    }

    /// <inheritdoc/>
    protected override void SumValues(Span<float> values) => _functions.Sum(values);

    /// <inheritdoc/>
    protected override void SumValues(Span<double> values) => _functions.Sum(values);

    /// <inheritdoc/>
    protected override void BroadcastBytes(Span<byte> values, int root) => _functions.Broadcast(values, root);

    /// <inheritdoc/>
    protected override void Meet() => _functions.Barrier();

    /// <inheritdoc/>
    protected override void EndAll(string message)
    {
        Console.Error.WriteLine($"error: {message}");
        Console.Error.Flush();
        // The launcher ends the others when a process is killed, too.
        using var late = new Timer(_ => Process.GetCurrentProcess().Kill(), state: null, _timeToEnd, Timeout.InfiniteTimeSpan);
        _functions.Abort(exitCode: 1);
    }

    /// <summary>Waits for all ranks, and leaves them.</summary>
    /// <param name="disposing">Whether <see cref="Communicator.Dispose()"/> was called.</param>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            Barrier("the end of the run");
            _functions.End();
        }
        base.Dispose(disposing);
    }
}
