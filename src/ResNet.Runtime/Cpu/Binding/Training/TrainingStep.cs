using ResNet.Runtime.Cpu.Convolutions.Choice;
using ResNet.Runtime.Cpu.Layers;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Cpu.Binding.Training;

/// <summary>
/// One bound operation of a training program: phases that all workers compute together, each before the next begins.
/// </summary>
/// <param name="operation">What it computes.</param>
/// <param name="phases">Number of phases.</param>
abstract class TrainingStep(Operation operation, int phases = 1) : IDisposable
{
    public int Phases => phases;

    /// <summary>What a phase computes, and how.</summary>
    public virtual Operation OperationOf(int phase) => operation;

    /// <summary>Allocates what the operation needs, once the layouts of its values are fixed.</summary>
    /// <param name="choice">Chooses the algorithms, for the number of parts into which every phase is cut.</param>
    public virtual void Prepare(ConvolutionChoice choice)
    {
    }

    /// <summary>Floats of packed weights, which another operation may overwrite afterwards.</summary>
    public virtual long PackedLength => 0;

    /// <summary>Receives memory for the packed weights.</summary>
    public virtual unsafe void PackInto(float* memory)
    {
    }

    /// <summary>Floats of scratch memory that the phases share; what another operation left there may be overwritten.</summary>
    public virtual long ScratchLength(int batch, int parts) => 0;

    /// <summary>Computes one of several parts of a phase.</summary>
    public abstract void Run(CpuTrainingSession session, int phase, int part, int parts);

    public abstract void Dispose();
}

/// <summary>An operation of a single phase that has nothing to prepare.</summary>
sealed class SimpleTrainingStep(Operation operation, Action<CpuTrainingSession, int, int> run) : TrainingStep(operation)
{
    public override void Run(CpuTrainingSession session, int phase, int part, int parts) => run(session, part, parts);

    public override void Dispose()
    {
    }
}

/// <summary>An epilogue by itself.</summary>
sealed class ApplyTrainingStep(Operation operation, Value input, Value output, BoundEpilogue epilogue) : TrainingStep(operation)
{
    public override void Prepare(ConvolutionChoice choice) => epilogue.Prepare(output.Shape);

    public override void Run(CpuTrainingSession session, int phase, int part, int parts) =>
        ElementWise.Apply(session.Of(input), session.Of(output), epilogue.For(session.Arena), session.Batch, part, parts);

    public override void Dispose() => epilogue.Dispose();
}
