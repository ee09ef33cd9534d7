using ILGPU;

namespace ResNet.Runtime.Gpu.Tests;

/// <summary>A thread of a <see cref="PtxMachine"/>.</summary>
sealed class PtxThread(PtxMachine machine, int index, int registers)
{
    /// <summary>The special registers of a thread, by name; their slots are the first.</summary>
    public static readonly string[] SpecialRegisters = ["%tid.x", "%tid.y", "%ntid.x", "%ntid.y", "%ctaid.x", "%ctaid.y", "%ctaid.z", "%nctaid.x"];

    /// <summary>Registers and constants.</summary>
    public readonly ulong[] R = new ulong[registers];

    public PtxMachine Machine => machine;

    public int Index => index;

    /// <summary>The next instruction.</summary>
    public int Next { get; set; }

    public bool HasReturned { get; set; }

    /// <summary>The number of barriers of the group that it has passed.</summary>
    public int Time { get; set; }

    /// <summary>The number of barriers of its warp that it has passed.</summary>
    public int WarpTime { get; set; }

    /// <summary>Begins anew, in another group.</summary>
    /// <param name="template">The registers that a thread begins with.</param>
    /// <param name="special">The special ones among them, in the order of <see cref="SpecialRegisters"/>.</param>
    public void Begin(ReadOnlySpan<ulong> template, ReadOnlySpan<int> special)
    {
        template.CopyTo(R);
        for (var i = 0; i < special.Length; i++) R[i] = (ulong)special[i];
        (Next, HasReturned, Time, WarpTime) = (0, false, 0, 0);
    }

    public override string ToString() => $"{index} of group ({R[4]}, {R[5]}, {R[6]})";
}

/// <summary>
/// Executes a kernel as PTX defines it, without a device: the threads of a group one after the other up to the next barrier,
/// those of a warp to the next instruction that they execute together. What a device would pass over is an error: an access
/// beyond the edges of the tensors that the kernel was given, shared memory that another thread stores or that no thread has
/// stored, threads of a warp that meet at different places.
/// </summary>
sealed class PtxMachine
{
    const int WarpSize = 32;

    /// <summary>Instructions that a thread may execute from one barrier to the next.</summary>
    const int Most = 1_000_000;

    readonly PtxKernel _kernel;
    readonly KernelArguments _arguments;

    PtxMachine(PtxKernel kernel, KernelArguments arguments)
    {
        Assert.Equal(kernel.ParameterSize, arguments.Bytes.Length);
        (_kernel, _arguments) = (kernel, arguments);
        Shared = new(kernel.SharedSize);
    }

    public byte[] Parameters => _arguments.Bytes;

    public PtxSharedMemory Shared { get; }

    /// <summary>Runs a kernel.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="grid">Number of groups.</param>
    /// <param name="group">Threads of a group.</param>
    /// <param name="arguments">Its structure of parameters, with views of host memory.</param>
    public static void Run(PtxKernel kernel, Index3D grid, Index3D group, object arguments)
    {
        var machine = new PtxMachine(kernel, new(arguments));
        var threads = Enumerable.Range(0, group.X * group.Y).Select(i => new PtxThread(machine, i, kernel.Registers.Length)).ToArray();
        for (var z = 0; z < grid.Z; z++)
            for (var y = 0; y < grid.Y; y++)
                for (var x = 0; x < grid.X; x++)
                {
                    for (var i = 0; i < threads.Length; i++) threads[i].Begin(kernel.Registers, [i % group.X, i / group.X, group.X, group.Y, x, y, z, grid.X]);
                    machine.RunGroup(threads);
                }
    }

    /// <summary>Whether memory belongs to a tensor.</summary>
    public bool Owns(ulong address, int size)
    {
        foreach (var (begin, end) in _arguments.Tensors)
            if (address >= begin && address + (ulong)size <= end) return true;
        return false;
    }

    void RunGroup(PtxThread[] threads)
    {
        Shared.Clear();
        var warps = threads.Chunk(WarpSize).ToArray();
        while (!threads[0].HasReturned)
        {
            foreach (var warp in warps) RunWarp(warp);
            AssertTogether(threads);
            foreach (var thread in threads)
            {
                thread.Next++;
                thread.Time++;
            }
        }
    }

    /// <summary>Up to a barrier of the group, or the end.</summary>
    void RunWarp(PtxThread[] warp)
    {
        while (true)
        {
            foreach (var thread in warp) RunThread(thread);
            AssertTogether(warp);
            if (warp[0].HasReturned || _kernel.Instructions[warp[0].Next] is not { RunWarp: { } run } instruction) return;
            Assert.Equal(WarpSize, warp.Length);
            Assert.Equal(-1, instruction.Guard);
            run(warp);
            foreach (var thread in warp) thread.Next++;
        }
    }

    /// <summary>Up to an instruction that is not for one thread alone, or the end.</summary>
    void RunThread(PtxThread thread)
    {
        for (var i = 0; i < Most; i++)
        {
            var instruction = _kernel.Instructions[thread.Next];
            if (instruction.Guard >= 0 && (thread.R[instruction.Guard] != 0) != instruction.GuardValue)
            {
                thread.Next++;
                continue;
            }
            switch (instruction.Step)
            {
                case PtxStep.Thread:
                    instruction.Run!(thread);
                    thread.Next++;
                    break;
                case PtxStep.Branch:
                    thread.Next = instruction.Target;
                    break;
                case PtxStep.Return:
                    thread.HasReturned = true;
                    return;
                default:
                    return;
            }
        }
        Assert.Fail($"Thread {thread} does not end: {_kernel.Instructions[thread.Next].Text}");
    }

    void AssertTogether(PtxThread[] threads)
    {
        foreach (var thread in threads)
            if (thread.Next != threads[0].Next || thread.HasReturned != threads[0].HasReturned)
                Assert.Fail($"Thread {threads[0]} is at \"{_kernel.Instructions[threads[0].Next].Text}\", thread {thread} at \"{_kernel.Instructions[thread.Next].Text}\"");
    }
}
