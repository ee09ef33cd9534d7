using ResNet.Dsl;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Cpu.Threads;

namespace ResNet.Runtime.Detection.Regions;

/// <summary>
/// Pools the regions of one image, and brings the gradient back. A thread owns blocks of channels and takes the regions in order, so that the bits
/// do not depend on the number of threads.
/// </summary>
/// <remarks>Backward follows the last Forward, which may keep what it needs.</remarks>
abstract unsafe class RegionPass(Shape maps, int regions, int size)
{
    /// <summary>Channels that are computed together.</summary>
    protected const int Lanes = ActivationLayout.BlockLanes;

    /// <summary>Shape of the feature maps.</summary>
    public Shape Maps { get; } = maps;

    /// <summary>Number of regions.</summary>
    public int Regions { get; } = regions;

    /// <summary>Rows and columns of the pooled maps.</summary>
    public int Size { get; } = size;

    /// <summary>Number of values of all regions.</summary>
    public int Length => checked(Regions * Maps.Channels * Bins);

    /// <summary>Values of a channel of a region.</summary>
    protected int Bins => Size * Size;

    /// <summary>Values of a channel of the feature maps.</summary>
    protected int Plane => Maps.Height * Maps.Width;

    /// <summary>Whether a bin is the greatest of its cells rather than their weighted sum.</summary>
    public abstract bool TakesGreatest { get; }

    /// <summary>The rows of the feature maps that each row of a region's bins reads.</summary>
    public abstract BinTaps RowsOf(int region);

    /// <summary>The columns of the feature maps that each column of a region's bins reads.</summary>
    public abstract BinTaps ColumnsOf(int region);

    /// <summary>Pools all regions.</summary>
    /// <param name="maps"><c>channels × height × width</c>.</param>
    /// <param name="pooled">Receives <c>regions × channels × size × size</c>.</param>
    /// <param name="workers">Threads that compute.</param>
    /// <exception cref="ArgumentException">Either has another length.</exception>
    public void Forward(ReadOnlySpan<float> maps, Span<float> pooled, CpuWorkers workers)
    {
        Validate(maps.Length, pooled.Length);
        BeginForward();
        fixed (float* from = maps, to = pooled) Run(new Job(this, from, to, backward: false), workers);
    }

    /// <summary>Adds the gradient by the feature maps.</summary>
    /// <param name="gradient">The gradient by the pooled values: <c>regions × channels × size × size</c>.</param>
    /// <param name="maps">To which it is added: <c>channels × height × width</c>.</param>
    /// <param name="workers">Threads that compute.</param>
    /// <exception cref="ArgumentException">Either has another length.</exception>
    public void Backward(ReadOnlySpan<float> gradient, Span<float> maps, CpuWorkers workers)
    {
        Validate(maps.Length, gradient.Length);
        fixed (float* from = gradient, to = maps) Run(new Job(this, to, from, backward: true), workers);
    }

    /// <summary>Makes room for what the way back needs.</summary>
    protected virtual void BeginForward()
    {
    }

    /// <summary>Pools some channels of all regions.</summary>
    /// <param name="first">The first of at most <see cref="Lanes"/> channels.</param>
    /// <param name="count">Number of channels.</param>
    /// <param name="maps">All feature maps.</param>
    /// <param name="pooled">All pooled values.</param>
    protected abstract void Pool(int first, int count, float* maps, float* pooled);

    /// <summary>Adds the gradient of some channels.</summary>
    /// <param name="first">The first of at most <see cref="Lanes"/> channels.</param>
    /// <param name="count">Number of channels.</param>
    /// <param name="gradient">The gradient by all pooled values.</param>
    /// <param name="maps">The gradient by all feature maps.</param>
    protected abstract void Spread(int first, int count, float* gradient, float* maps);

    /// <summary>The channels of a region from one on, among the values of all regions.</summary>
    protected long Offset(int region, int channel) => ((long)region * Maps.Channels + channel) * Bins;

    void Run(Job job, CpuWorkers workers)
    {
        if (Regions > 0) workers.Run(job, Math.Min(workers.Count, job.Blocks));
    }

    void Validate(int maps, int pooled)
    {
        if (maps != Maps.Elements) throw new ArgumentException($"{Maps} has {Maps.Elements} values, not {maps}.", nameof(maps));
        if (pooled != Length)
            throw new ArgumentException($"{Regions} regions of {Maps.Channels}×{Size}×{Size} have {Length} values, not {pooled}.", nameof(pooled));
    }

    sealed class Job(RegionPass pass, float* maps, float* pooled, bool backward) : ICpuJob
    {
        public int Blocks => (pass.Maps.Channels + Lanes - 1) / Lanes;

        public void Execute(int part, int parts)
        {
            var (block, end) = WorkSplit.Slice(Blocks, part, parts);
            for (; block < end; block++)
            {
                var first = block * Lanes;
                var count = Math.Min(Lanes, pass.Maps.Channels - first);
                if (backward) pass.Spread(first, count, pooled, maps);
                else pass.Pool(first, count, maps, pooled);
            }
        }
    }
}
