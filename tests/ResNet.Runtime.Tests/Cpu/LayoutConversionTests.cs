using ResNet.Runtime.Cpu.Memory;

namespace ResNet.Runtime.Tests.Cpu;

public sealed unsafe class LayoutConversionTests
{
    [Theory]
    [InlineData(3, 5, 7, 0, true), InlineData(3, 5, 7, 3, true), InlineData(16, 4, 4, 1, false), InlineData(37, 3, 6, 2, false), InlineData(64, 64, 1, 0, false)]
    public void Each_value_stands_in_its_place(int channels, int height, int width, int halo, bool compact)
    {
        const int batch = 2;
        var layout = compact ? ActivationLayout.Compact(channels, height, width, halo) : ActivationLayout.Blocked(channels, height, width, halo);
        var values = Values.Random(batch * channels * height * width, 1);
        for (var parts = 1; parts <= 4; parts++)
        {
            using var tensor = new TestTensor(layout, batch);
            for (var part = 0; part < parts; part++) LayoutConversion.FromNchw(values, tensor.FeatureMaps, batch, part, parts);
            tensor.AssertInvariants();
            var i = 0;
            for (var image = 0; image < batch; image++)
                for (var channel = 0; channel < channels; channel++)
                    for (var y = 0; y < height; y++)
                        for (var x = 0; x < width; x++, i++)
                            Assert.Equal(values[i], tensor.FeatureMaps.At(image, channel / layout.Lanes, y, x)[channel % layout.Lanes]);

            var back = new float[values.Length];
            for (var part = 0; part < parts; part++) LayoutConversion.ToNchw(tensor.FeatureMaps, back, batch, part, parts);
            Assert.Equal(values, back);
        }
    }

    [Fact]
    public void A_wrong_number_of_values_is_refused()
    {
        using var tensor = new TestTensor(ActivationLayout.Blocked(3, 4, 4), 1);
        Assert.Throws<ArgumentException>(() => LayoutConversion.FromNchw(new float[47], tensor.FeatureMaps, 1, 0, 1));
        Assert.Throws<ArgumentException>(() => LayoutConversion.ToNchw(tensor.FeatureMaps, new float[96], 1, 0, 1));
    }

    [Fact]
    public void Planes_keep_off_multiples_of_a_page()
    {
        var layout = ActivationLayout.Blocked(64, 64, 64);
        Assert.NotEqual(0, layout.PlaneStride % 1024);
        Assert.Equal(layout.ImageStride * 5, layout.SizeInFloats(5));
    }

    [Fact]
    public void Buffers_are_aligned_zeroed_and_refuse_use_after_disposal()
    {
        var buffer = new NativeBuffer(1000);
        Assert.Equal(0, (nint)buffer.Data % NativeBuffer.Alignment);
        Assert.Equal(-1, buffer.Span(0, 1000).IndexOfAnyExcept(0f));
        Assert.Throws<ArgumentOutOfRangeException>(() => { buffer.Span(900, 101); });
        buffer.Dispose();
        buffer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => { buffer.Span(0, 1); });
    }
}
