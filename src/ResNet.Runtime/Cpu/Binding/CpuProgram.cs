using ResNet.Runtime.Communication;
using ResNet.Runtime.Cpu.Convolutions;
using ResNet.Runtime.Cpu.Convolutions.Choice;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Cpu.Threads;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Cpu.Binding;

/// <summary>The steps of a program in order, and the room that its slots need.</summary>
sealed unsafe class CpuProgram : IDisposable
{
    /// <summary>Upper bound, in bytes, for the slots of the images that one thread computes together: larger ones fall out of the caches between two operations.</summary>
    const long CachedBytes = 4 * 1024 * 1024;

    /// <summary>
    /// The batch for which the algorithms of training are chosen, whatever batch comes: a resumed run must go on with the same
    /// ones, to the same bits.
    /// </summary>
    const int TypicalBatch = 16;

    readonly IReadOnlyCollection<CpuNorm> _norms;
    readonly NativeBuffer? _packed;

    CpuProgram(CpuBinder binder)
    {
        Source = binder.Program;
        Steps = [.. binder.Steps];
        FirstLoss = Array.FindIndex(Steps, step => step is LossStep) is >= 0 and var index ? index : Steps.Length;
        _norms = binder.Norms;
        SlotSizes = binder.Values.SlotSizes;
        ImagesOfThread = (int)Math.Clamp(CachedBytes / (SlotSizes.Sum() * sizeof(float)), 1, 64);
    }

    CpuProgram(CpuBinder binder, ConvolutionChoice choice) : this(binder)
    {
        foreach (var step in Steps) step.Prepare(choice);
        // Weights change with each step of the training: they are packed when they are needed, all to the same place.
        _packed = new(Steps.Max(step => step.PackedLength), clear: false);
        foreach (var step in Steps) step.PackInto(_packed.Data);
    }

    /// <summary>Prepares a forward pass: chooses the algorithms and packs the parameters, with all workers.</summary>
    /// <param name="program">The forward pass.</param>
    /// <param name="parameters">The parameters as of now.</param>
    /// <param name="workers">The threads that compute.</param>
    /// <param name="algorithm">The algorithm of convolutions.</param>
    /// <param name="packed">The parameters' packed weights, as far as other forward passes use them.</param>
    public static CpuProgram ForInference(BoundProgram program, Parameters parameters, CpuWorkers workers, ConvolutionAlgorithm algorithm, PackedWeights packed)
    {
        packed.Begin(parameters.Version);
        var prepared = new CpuProgram(new CpuBinder(program, parameters, workers.Count) { Packed = packed });
        foreach (var step in prepared.Steps) step.Prepare(new(algorithm, prepared.ImagesOfThread, workers.Count));
        workers.Run(new PackingJob(prepared.Steps), workers.Count);
        foreach (var step in prepared.Steps) step.EndPacking();
        return prepared;
    }

    /// <summary>Prepares a training step, which reads the parameters anew each time.</summary>
    /// <param name="program">The training step.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="workers">The threads that compute.</param>
    /// <param name="algorithm">The algorithm of convolutions.</param>
    /// <param name="losses">The losses at the outputs.</param>
    /// <param name="seed">Seed of dropout.</param>
    public static CpuProgram ForTraining(
        BoundProgram program, Parameters parameters, CpuWorkers workers, ConvolutionAlgorithm algorithm, AttachedLosses losses, ulong seed) =>
        new(new CpuBinder(program, parameters, workers.Count) { Losses = losses, Seed = seed }, new(algorithm, TypicalBatch, workers.Count) { PacksEachTime = true });

    /// <summary>The program that was prepared.</summary>
    public BoundProgram Source { get; }

    /// <summary>The steps in the order of execution.</summary>
    public CpuStep[] Steps { get; }

    /// <summary>Number of the first step that computes a loss: those before it are the forward pass. All steps are, if there is none.</summary>
    public int FirstLoss { get; }

    /// <summary>Images for each thread that go through the whole forward pass together. A larger batch is computed so many at a time.</summary>
    public int ImagesOfThread { get; }

    /// <summary>Floats per image that each slot needs.</summary>
    public long[] SlotSizes { get; }

    /// <summary>Floats of scratch memory that the steps share.</summary>
    public long ScratchLength(int images, int parts)
    {
        var length = 0L;
        foreach (var step in Steps) length = Math.Max(length, step.ScratchLength(images, parts));
        return length;
    }

    /// <summary>Takes the statistics of batch normalization over the batches of all ranks.</summary>
    /// <param name="thread">Sums over ranks.</param>
    public void SynchronizeNormalization(CommunicationThread thread)
    {
        foreach (var norm in _norms) norm.Synchronize(thread);
    }

    public void Dispose()
    {
        foreach (var step in Steps) step.Dispose();
        foreach (var norm in _norms) norm.Dispose();
        _packed?.Dispose();
    }
}
