using ResNet.Runtime.Cpu.Convolutions.Choice;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Cpu.Binding;

/// <summary>
/// One operation of a program as kernels compute it: phases that all workers compute together, each before the next begins.
/// Runs share it; what varies between them comes with the run.
/// </summary>
/// <param name="operation">The operation.</param>
/// <param name="phases">Number of phases.</param>
abstract class CpuStep(Operation operation, int phases = 1) : IDisposable
{
    public int Phases => phases;

    /// <summary>The operation that a phase belongs to, and its algorithm. Known once the step is prepared.</summary>
    public virtual Operation OperationOf(int phase) => operation;

    /// <summary>Chooses algorithms and allocates what they need.</summary>
    /// <param name="choice">Chooses the algorithms.</param>
    public virtual void Prepare(ConvolutionChoice choice)
    {
    }

    /// <summary>Packs one of several parts of the parameters that stay packed.</summary>
    public virtual void Pack(int part, int parts)
    {
    }

    /// <summary>Says that all parts have been packed.</summary>
    public virtual void EndPacking()
    {
    }

    /// <summary>Floats of weights that each run packs anew; another step may overwrite them afterwards.</summary>
    public virtual long PackedLength => 0;

    /// <summary>Receives memory for the weights that each run packs anew.</summary>
    public virtual unsafe void PackInto(float* memory)
    {
    }

    /// <summary>Floats of scratch memory, all parts together, that the phases share; another step may overwrite them afterwards.</summary>
    public virtual long ScratchLength(int batch, int parts) => 0;

    /// <summary>The parameters whose gradients are final after the step.</summary>
    public virtual ParameterTensor[] Gradients => [];

    /// <summary>Computes one of several parts of a phase.</summary>
    public abstract void Run(CpuRun run, int phase, int part, int parts);

    public abstract void Dispose();
}

/// <summary>Computes a part of an operation.</summary>
delegate void CpuKernel(CpuRun run, int part, int parts);

/// <summary>An operation of a single phase that has nothing to prepare.</summary>
sealed class SimpleStep(Operation operation, CpuKernel kernel) : CpuStep(operation)
{
    public override void Run(CpuRun run, int phase, int part, int parts) => kernel(run, part, parts);

    public override void Dispose()
    {
    }
}

/// <summary>Packs the parameters of all steps, in parts.</summary>
sealed class PackingJob(IReadOnlyList<CpuStep> steps) : Threads.ICpuJob
{
    public void Execute(int part, int parts)
    {
        foreach (var step in steps) step.Pack(part, parts);
    }
}
