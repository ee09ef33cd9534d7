using ResNet.Runtime.Cpu.Threads;

namespace ResNet.Runtime.Cpu.Binding;

/// <summary>The operations of a program in order, and the room that its slots need.</summary>
sealed class BoundProgram : IDisposable
{
    /// <summary>What the slots of a thread's share of the images that are computed together may take: what is larger falls out of the caches between two operations.</summary>
    const long CachedBytes = 4 * 1024 * 1024;

    /// <summary>Chooses the algorithms and packs the parameters, with all workers.</summary>
    /// <param name="operations">The operations.</param>
    /// <param name="slotSizes">Floats per image that each slot needs.</param>
    /// <param name="workers">Who computes.</param>
    /// <param name="algorithm">How to convolve.</param>
    public BoundProgram(IEnumerable<Step[]> operations, long[] slotSizes, CpuWorkers workers, ConvolutionAlgorithm algorithm)
    {
        Operations = [.. operations];
        SlotSizes = slotSizes;
        ImagesOfThread = (int)Math.Clamp(CachedBytes / (slotSizes.Sum() * sizeof(float)), 1, 64);
        foreach (var step in Steps) step.Prepare(new(algorithm, ImagesOfThread, workers.Count));
        workers.Run(new PackingJob([.. Steps]), workers.Count);
    }

    /// <summary>Images for each thread that go through the whole program together. A larger batch is computed so many at a time.</summary>
    public int ImagesOfThread { get; }

    /// <summary>Floats per image that each slot needs.</summary>
    public long[] SlotSizes { get; }

    /// <summary>Each is a single step, or the steps that one call of the program takes.</summary>
    public Step[][] Operations { get; }

    IEnumerable<Step> Steps => Operations.SelectMany(steps => steps);

    /// <summary>Floats of scratch memory that the operations share.</summary>
    public long ScratchLength(int images, int parts) => Steps.Max(step => step.ScratchLength(images, parts));

    public void Dispose()
    {
        foreach (var step in Steps) step.Dispose();
    }
}
