using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ResNet.Runtime.Cpu.Binding;

namespace ResNet.Runtime.Gpu.Tests;

/// <summary>The instructions of PTX that load and store, and what they may not do.</summary>
static partial class PtxMemory
{
    /// <summary>Compiles a load or a store.</summary>
    /// <param name="kernel">Where it stands.</param>
    /// <param name="text">As it was written, for errors.</param>
    /// <param name="opcode">Its name with space and type.</param>
    /// <param name="operands">The values, and the address in brackets: before them for a store, behind them for a load.</param>
    public static Action<PtxThread> Compile(PtxKernel kernel, string text, string opcode, string[] operands)
    {
        var parts = opcode.Split('.');
        var width = parts[^1] switch
        {
            "b32" or "u32" or "s32" or "f32" => 4,
            "b64" or "u64" or "s64" or "f64" => 8,
            _ => throw new NotSupportedException(text),
        };
        var isLoad = parts[0] == "ld";
        int[] values = [.. (isLoad ? operands[..^1] : operands[1..]).Select(kernel.Slot)];
        Assert.Equal(parts[^2] switch { "v2" => 2, "v4" => 4, _ => 1 }, values.Length);
        var address = AddressOf(kernel, text, isLoad ? operands[^1] : operands[0], isParameter: parts[1] == "param");
        Access access = (isLoad, parts[1]) switch
        {
            (true, "param") => Parameter,
            (true, "global") => GlobalLoad,
            (false, "global") => GlobalStore,
            (true, "shared") => SharedLoad,
            (false, "shared") => SharedStore,
            _ => throw new NotSupportedException(text),
        };
        return thread =>
        {
            var begin = address(thread);
            // A vector that is not aligned to its size faults.
            if (begin % (ulong)(width * values.Length) != 0) Assert.Fail($"{text}: {begin} is not aligned");
            for (var i = 0; i < values.Length; i++) access(thread, begin + (ulong)(i * width), width, ref thread.R[values[i]]);
        };
    }

    /// <summary>Compiles an address in brackets.</summary>
    /// <param name="kernel">Where it stands.</param>
    /// <param name="text">The instruction, for errors.</param>
    /// <param name="operand">A register, maybe with an offset.</param>
    /// <param name="isParameter">Whether a name stands for the beginning of the structure of parameters instead.</param>
    public static Func<PtxThread, ulong> AddressOf(PtxKernel kernel, string text, string operand, bool isParameter = false)
    {
        var address = Address().Match(operand);
        Assert.True(address.Success, text);
        var offset = address.Groups["offset"] is { Success: true, Value: var digits } ? int.Parse(digits, CultureInfo.InvariantCulture) : 0;
        var from = kernel.Slot(isParameter ? "0" : address.Groups["base"].Value);
        return thread => thread.R[from] + (ulong)offset;
    }

    delegate void Access(PtxThread thread, ulong address, int width, ref ulong value);

    /// <summary>Lets the threads of a warp load their earlier stores.</summary>
    public static void SynchronizeWarp(PtxThread[] warp)
    {
        foreach (var thread in warp) thread.WarpTime++;
    }

    static void Parameter(PtxThread thread, ulong address, int width, ref ulong value) => value = Load(ref thread.Machine.Parameters[address], width);

    static unsafe void GlobalLoad(PtxThread thread, ulong address, int width, ref ulong value)
    {
        if (!thread.Machine.Owns(address, width)) Assert.Fail($"Thread {thread} loads beyond the edges of all tensors");
        value = Load(ref *(byte*)address, width);
    }

    static unsafe void GlobalStore(PtxThread thread, ulong address, int width, ref ulong value)
    {
        if (!thread.Machine.Owns(address, width)) Assert.Fail($"Thread {thread} stores beyond the edges of all tensors");
        Store(ref *(byte*)address, width, value);
    }

    public static void SharedLoad(PtxThread thread, ulong address, int width, ref ulong value)
    {
        thread.Machine.Shared.Load(thread, address);
        value = Load(ref thread.Machine.Shared.Bytes[address], width);
    }

    static void SharedStore(PtxThread thread, ulong address, int width, ref ulong value)
    {
        thread.Machine.Shared.Store(thread, address);
        Store(ref thread.Machine.Shared.Bytes[address], width, value);
    }

    static ulong Load(ref byte at, int width) => width == 4 ? Unsafe.ReadUnaligned<uint>(ref at) : Unsafe.ReadUnaligned<ulong>(ref at);

    static void Store(ref byte at, int width, ulong value)
    {
        if (width == 4) Unsafe.WriteUnaligned(ref at, (uint)value);
        else Unsafe.WriteUnaligned(ref at, value);
    }

    [GeneratedRegex(@"^\[(?<base>%?\w+)(\+(?<offset>-?\d+))?\]$")]
    private static partial Regex Address();
}

/// <summary>Shared memory of a group, which knows who has loaded and stored each word since the last barrier.</summary>
sealed class PtxSharedMemory(int size)
{
    const int Word = 4;

    readonly Stamp[] _stores = new Stamp[size / Word];
    readonly Stamp[] _loads = new Stamp[size / Word];

    public byte[] Bytes { get; } = new byte[size];

    /// <summary>Forgets what stands there: another group begins.</summary>
    public void Clear()
    {
        Array.Clear(_stores);
        Array.Clear(_loads);
    }

    public void Load(PtxThread thread, ulong address)
    {
        var stored = _stores[address / Word];
        if (stored.Thread == 0) Assert.Fail($"Thread {thread} loads shared memory that no thread has stored");
        if (stored.IsRaceWith(thread)) Assert.Fail($"Thread {thread} loads from shared memory what thread {stored.Thread - 1} stores");
        ref var loaded = ref _loads[address / Word];
        if (loaded.Thread == thread.Index + 1 && loaded.Time == thread.Time) loaded.WarpTime = thread.WarpTime;
        else if (loaded.IsRaceWith(thread)) loaded.Others = true;
        else loaded = new(thread);
    }

    public void Store(PtxThread thread, ulong address)
    {
        var (stored, loaded) = (_stores[address / Word], _loads[address / Word]);
        if (stored.IsRaceWith(thread)) Assert.Fail($"Thread {thread} stores in shared memory what thread {stored.Thread - 1} stores");
        if (loaded.IsRaceWith(thread) || loaded.Others && loaded.Time == thread.Time) Assert.Fail($"Thread {thread} stores in shared memory what others load");
        _stores[address / Word] = new(thread);
    }

    /// <summary>The last access to a word: thread and time.</summary>
    struct Stamp(PtxThread thread)
    {
        /// <summary>The thread's number and one; zero for none.</summary>
        public int Thread = thread.Index + 1;

        public int Time = thread.Time, WarpTime = thread.WarpTime;

        /// <summary>Whether other threads were there at the same time.</summary>
        public bool Others;

        public readonly bool IsRaceWith(PtxThread other) =>
            Thread != 0 && Thread != other.Index + 1 && Time == other.Time && !((Thread - 1) / 32 == other.Index / 32 && WarpTime < other.WarpTime);
    }
}
