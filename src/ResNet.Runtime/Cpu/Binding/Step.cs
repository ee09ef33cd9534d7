using ResNet.Runtime.Cpu.Convolutions.Choice;
using ResNet.Runtime.Cpu.Threads;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Cpu.Binding;

/// <summary>One bound operation of a program. Shared by sessions; what varies between them comes with the session.</summary>
/// <param name="operation">What it computes.</param>
abstract class Step(Operation operation) : IDisposable
{
    /// <summary>What it computes, and how.</summary>
    public Operation Operation => operation with { Algorithm = Algorithm };

    /// <summary>How it computes, for people; empty where there is nothing to choose. Known once it is prepared.</summary>
    protected virtual string Algorithm => "";

    /// <summary>Allocates what the operation needs, once the layouts of its values are fixed.</summary>
    /// <param name="choice">Chooses the algorithms.</param>
    public virtual void Prepare(ConvolutionChoice choice)
    {
    }

    /// <summary>Packs one of several parts of the parameters.</summary>
    public virtual void Pack(int part, int parts)
    {
    }

    /// <summary>Floats of scratch memory, all parts together; what another operation left there may be overwritten.</summary>
    public virtual long ScratchLength(int batch, int parts) => 0;

    /// <summary>Computes one of several parts.</summary>
    public abstract void Run(CpuExecution session, int part, int parts);

    public abstract void Dispose();
}

/// <summary>An operation that has nothing to prepare.</summary>
sealed class SimpleStep(Operation operation, Action<CpuExecution, int, int> run) : Step(operation)
{
    public override void Run(CpuExecution session, int part, int parts) => run(session, part, parts);

    public override void Dispose()
    {
    }
}

/// <summary>Packs the parameters of all operations, in parts.</summary>
sealed class PackingJob(IReadOnlyList<Step> steps) : ICpuJob
{
    public void Execute(int part, int parts)
    {
        foreach (var step in steps) step.Pack(part, parts);
    }
}
