using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Evaluation;

namespace ResNet.Runtime.Tests.Cpu;

/// <summary>An activation with memory of its own, filled with what a careless reader would notice.</summary>
sealed unsafe class TestTensor : IDisposable
{
    readonly NativeBuffer _buffer;

    public TestTensor(ActivationLayout layout, int batch)
    {
        (Layout, Batch) = (layout, batch);
        _buffer = new NativeBuffer(layout.SizeInFloats(batch));
        // Memory is reused: halos and unused lanes hold anything before an operation writes them.
        new Span<float>(_buffer.Data, (int)_buffer.Length + NativeBuffer.Slack).Fill(float.NaN);
        FeatureMaps = new(_buffer.Data, layout);
    }

    public TestTensor(ActivationLayout layout, int batch, ReadOnlySpan<float> values) : this(layout, batch) =>
        LayoutConversion.FromNchw(values, FeatureMaps, batch, 0, 1);

    public ActivationLayout Layout { get; }
    public int Batch { get; }
    public FeatureMaps FeatureMaps { get; }

    public float[] ToArray()
    {
        var values = new float[Batch * Layout.Channels * Layout.Height * Layout.Width];
        LayoutConversion.ToNchw(FeatureMaps, values, Batch, 0, 1);
        return values;
    }

    /// <summary>The invariant on which the next operation relies: zeros in the lanes beyond the last channel and in the whole halo.</summary>
    public void AssertInvariants()
    {
        for (var image = 0; image < Batch; image++)
            for (var block = 0; block < Layout.Blocks; block++)
                for (var y = -Layout.Halo; y < Layout.Height + Layout.Halo; y++)
                    for (var x = -Layout.Halo; x < Layout.Width + Layout.Halo; x++)
                    {
                        var inside = y >= 0 && x >= 0 && y < Layout.Height && x < Layout.Width;
                        var used = inside ? Math.Min(Layout.Lanes, Layout.Channels - block * Layout.Lanes) : 0;
                        for (var lane = used; lane < Layout.Lanes; lane++)
                            if (FeatureMaps.At(image, block, y, x)[lane] is var value and not 0)
                                Assert.Fail($"{Layout}: {value} stands where zero should, image {image} block {block} y {y} x {x} lane {lane}");
                    }
    }

    public void Dispose() => _buffer.Dispose();
}
