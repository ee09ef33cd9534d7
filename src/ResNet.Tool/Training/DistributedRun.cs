using System.Globalization;
using ResNet.Runtime;
using ResNet.Runtime.Communication;
using ResNet.Runtime.Mpi;
using ResNet.Tool.Output;

namespace ResNet.Tool.Training;

/// <summary>A command that several processes run together, started by <c>mpirun</c>.</summary>
static class DistributedRun
{
    /// <summary>Connects the processes and runs the command, of which the first one alone shows results and progress. An exception of any process ends all of them.</summary>
    /// <param name="watchdog">The time after which a process that waits for another one ends them all; zero for never.</param>
    /// <param name="streams">Receive results and progress.</param>
    /// <param name="run">The command, given the ranks and its streams.</param>
    public static async Task<int> RunAsync(TimeSpan watchdog, Streams streams, Func<Communicator, Streams, Task<int>> run)
    {
        using var ranks = MpiCommunicator.Open(watchdog > TimeSpan.Zero ? watchdog : null);
        try
        {
            return await run(ranks, ranks.Rank == 0 ? streams : streams.Silent());
        }
        catch (Exception e) when (ranks.Size > 1)
        {
            // The others wait for this process; MPI ends it with them.
            ranks.Abort(e.Message.ReplaceLineEndings(" "));
            throw;
        }
    }

    /// <summary>Threads of the processor that a rank has if nothing is said: its share of those that it sees.</summary>
    /// <returns>0 for one per core, where a process is alone.</returns>
    public static int UsualThreads(Communicator ranks)
    {
        if (ranks.Size == 1) return 0;
        // Every rank counts those that run on its machine.
        var machines = ranks.Gather(MachineNumber(), "machines");
        return Math.Max(1, Environment.ProcessorCount / machines.Count(machine => machine == machines[ranks.Rank]));
    }

    /// <summary>Describes the number of ranks, and the threads or device of each.</summary>
    public static string Layout(Communicator ranks, Device device)
    {
        var threads = ranks.Gather(device is CpuDevice cpu ? cpu.Threads : 0, "threads");
        var each = threads.Distinct().Count() > 1 ? $"{string.Join(", ", threads.Select(count => count.ToString(CultureInfo.InvariantCulture)))} threads"
            : threads[0] == 0 ? device.Name : $"{threads[0]} thread{(threads[0] == 1 ? "" : "s")}";
        return $"{ranks.Size} rank{(ranks.Size == 1 ? "" : "s")} × {each}, {ranks.Name}";
    }

    /// <summary>A number that tells machines apart, the same in all processes of one.</summary>
    static double MachineNumber()
    {
        var number = 0L;
        foreach (var letter in Environment.MachineName) number = (number * 31 + letter) % 1_000_000_007;
        return number;
    }
}
