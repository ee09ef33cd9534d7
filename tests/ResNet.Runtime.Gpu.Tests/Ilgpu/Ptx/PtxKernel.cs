using System.Globalization;
using System.Text.RegularExpressions;
using ResNet.Runtime.Cpu.Binding;

namespace ResNet.Runtime.Gpu.Tests;

/// <summary>Executes an instruction.</summary>
enum PtxStep
{
    /// <summary>By a thread alone.</summary>
    Thread,

    /// <summary>By all threads of a warp together.</summary>
    Warp,

    /// <summary>It waits for all threads of the group.</summary>
    Barrier,

    Branch,
    Return,
}

/// <summary>An instruction. Its operands are slots of a thread's registers, in which constants stand, too.</summary>
/// <param name="Text">As it was written.</param>
/// <param name="Step">How it is executed.</param>
/// <param name="Guard">The predicate's slot; -1 if there is none.</param>
/// <param name="GuardValue">What the predicate must be.</param>
/// <param name="Target">Where a branch goes.</param>
/// <param name="Run">Executes it in a thread, or in the threads of a warp.</param>
sealed record PtxInstruction(string Text, PtxStep Step, int Guard, bool GuardValue, int Target, Action<PtxThread>? Run, Action<PtxThread[]>? RunWarp = null);

/// <summary>A kernel as ILGPU writes it for CUDA, ready to be executed by <see cref="PtxMachine"/>.</summary>
sealed partial class PtxKernel
{
    /// <summary>The value of an unwritten register: not a number, and no address.</summary>
    const ulong Unwritten = 0x7FC0_DEAD_7FC0_DEAD;

    readonly Dictionary<string, int> _slots = [];
    readonly List<ulong> _template = [];
    readonly Dictionary<string, int> _labels = [];
    readonly Dictionary<string, int> _shared = [];

    public PtxKernel(string ptx)
    {
        // The slots that each thread sets for itself.
        foreach (var special in PtxThread.SpecialRegisters) Slot(special);
        var statements = new List<string>();
        foreach (var line in Body(ptx).Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal)))
        {
            if (Label().Match(line) is { Success: true } label) _labels.Add(label.Groups[1].Value, statements.Count);
            else statements.AddRange(line.Split(';').Select(statement => statement.Trim()).Where(statement => statement.Length > 0 && !IsDeclaration(statement)));
        }
        ParameterSize = int.Parse(Parameter().Match(ptx).Groups[1].Value, CultureInfo.InvariantCulture);
        Instructions = [.. statements.Select(Parse)];
        Registers = [.. _template];
    }

    public PtxInstruction[] Instructions { get; }

    /// <summary>The initial registers of a thread: the special ones, constants, and unwritten ones.</summary>
    public ulong[] Registers { get; }

    /// <summary>Bytes of the structure of parameters.</summary>
    public int ParameterSize { get; }

    /// <summary>Bytes of shared memory.</summary>
    public int SharedSize { get; private set; }

    /// <summary>The slot of an operand: a register or a constant.</summary>
    public int Slot(string operand)
    {
        if (_slots.TryGetValue(operand, out var slot)) return slot;
        _slots.Add(operand, slot = _template.Count);
        _template.Add(Constant(operand) ?? Unwritten);
        return slot;
    }

    static string Body(string ptx)
    {
        Assert.Single(Regex.Matches(ptx, @"\.entry"));
        return ptx[(ptx.IndexOf("\n{", StringComparison.Ordinal) + 2)..ptx.LastIndexOf('}')];
    }

    bool IsDeclaration(string statement)
    {
        if (Shared().Match(statement) is { Success: true } shared)
        {
            var alignment = int.Parse(shared.Groups["align"].Value, CultureInfo.InvariantCulture);
            var begin = (SharedSize + alignment - 1) / alignment * alignment;
            _shared.Add(shared.Groups["name"].Value, begin);
            SharedSize = begin + int.Parse(shared.Groups["size"].Value, CultureInfo.InvariantCulture);
            return true;
        }
        return statement.StartsWith(".reg ", StringComparison.Ordinal);
    }

    PtxInstruction Parse(string statement)
    {
        var match = Statement().Match(statement);
        Assert.True(match.Success, statement);
        var guard = match.Groups["guard"] is { Success: true, Value: var name } ? Slot(name) : -1;
        var plain = new PtxInstruction(statement, PtxStep.Thread, guard, !match.Groups["not"].Success, -1, Run: null);
        var opcode = match.Groups["opcode"].Value;
        // Vectors are lists of operands.
        string[] operands = [.. match.Groups["operands"].Value.Split(['{', '}', ',', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries)];
        return opcode switch
        {
            "bra" or "bra.uni" => plain with { Step = PtxStep.Branch, Target = _labels[operands[0]] },
            "ret" => plain with { Step = PtxStep.Return },
            "bar.sync" => plain with { Step = PtxStep.Barrier },
            "bar.warp.sync" => plain with { Step = PtxStep.Warp, RunWarp = PtxMemory.SynchronizeWarp },
            PtxMatrix.Load => plain with { Step = PtxStep.Warp, RunWarp = PtxMatrix.CompileLoad(this, statement, operands) },
            _ when opcode.StartsWith("mma.", StringComparison.Ordinal) => plain with { Step = PtxStep.Warp, RunWarp = PtxMatrix.Compile(opcode, [.. operands.Select(Slot)]) },
            _ when opcode.StartsWith("ld.", StringComparison.Ordinal) || opcode.StartsWith("st.", StringComparison.Ordinal) =>
                plain with { Run = PtxMemory.Compile(this, statement, opcode, operands) },
            _ => plain with { Run = PtxArithmetic.Compile(statement, opcode, [.. operands.Select(Slot)]) },
        };
    }

    ulong? Constant(string operand)
    {
        if (_shared.TryGetValue(operand, out var begin)) return (ulong)begin;
        if (operand.StartsWith("0f", StringComparison.Ordinal)) return uint.Parse(operand.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        if (operand.StartsWith('-')) return (ulong)long.Parse(operand, CultureInfo.InvariantCulture);
        return char.IsAsciiDigit(operand[0]) ? ulong.Parse(operand, CultureInfo.InvariantCulture) : null;
    }

    [GeneratedRegex(@"^(\$?\w+):$")]
    private static partial Regex Label();

    [GeneratedRegex(@"\.param \.align \d+ \.b8 \w+\[(\d+)\]")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"^\.shared \.align (?<align>\d+) \.b8 (?<name>\w+)\[(?<size>\d+)\]$")]
    private static partial Regex Shared();

    [GeneratedRegex(@"^(@(?<not>!)?(?<guard>%?\w+)\s+)?(?<opcode>[a-z][\w.]*)(\s+(?<operands>.*))?$")]
    private static partial Regex Statement();
}
