using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Cpu.Threads;

namespace ResNet.Runtime.Cpu.Layers;

/// <summary>The windows of a pooling layer, the same in both directions.</summary>
readonly record struct PoolGeometry(int Kernel, int Stride, int Padding = 0)
{
    /// <exception cref="ArgumentException">No such windows; PyTorch, too, wants a padding of at most half the kernel.</exception>
    public void Validate()
    {
        if (Kernel <= 0 || Stride <= 0 || Padding < 0 || 2 * Padding > Kernel)
            throw new ArgumentException($"{this}: kernel and stride are positive, padding is at most half the kernel.");
    }
}

/// <summary>Max and average pooling of NCHW16c activations.</summary>
static unsafe class Pooling
{
    const int Lanes = ActivationLayout.BlockLanes;

    /// <summary>The maximum of each window; pixels outside the image do not take part.</summary>
    /// <param name="input">NCHW16c of any halo.</param>
    /// <param name="output">Its size gives the number of windows, counted with floor or with ceiling.</param>
    /// <param name="geometry">The windows.</param>
    /// <param name="batch">Images.</param>
    /// <param name="part">Which part to compute.</param>
    /// <param name="parts">Number of parts of the work.</param>
    public static void Max(FeatureMaps input, FeatureMaps output, PoolGeometry geometry, int batch, int part, int parts) =>
        Run<Maximum>(input, output, geometry, batch, part, parts);

    /// <summary>
    /// The mean of each window. As in PyTorch's default (<c>count_include_pad</c>), padding counts as zeros, and pixels
    /// beyond the padding do not count.
    /// </summary>
    /// <inheritdoc cref="Max" path="/param"/>
    public static void Average(FeatureMaps input, FeatureMaps output, PoolGeometry geometry, int batch, int part, int parts) =>
        Run<Mean>(input, output, geometry, batch, part, parts);

    /// <summary>The mean of each whole channel.</summary>
    /// <param name="input">NCHW16c of any halo.</param>
    /// <param name="output">NCHW16c of 1×1 pixels of any halo.</param>
    /// <param name="batch">Images.</param>
    /// <param name="part">Which part to compute.</param>
    /// <param name="parts">Number of parts of the work.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void GlobalAverage(FeatureMaps input, FeatureMaps output, int batch, int part, int parts)
    {
        if (!output.Layout.HasShapeOf(ActivationLayout.Blocked(input.Layout.Channels, 1, 1)) || output.Layout.Lanes != Lanes)
            throw new ArgumentException($"{output.Layout} cannot hold the channel means of {input.Layout}.", nameof(output));
        var scale = Vector512.Create(1f / (input.Layout.Height * input.Layout.Width));
        var (first, end) = WorkSplit.Slice(batch * input.Layout.Blocks, part, parts);
        for (var i = first; i < end; i++)
        {
            var (image, block) = Math.DivRem(i, input.Layout.Blocks);
            var sum = Vector512<float>.Zero;
            for (var y = 0; y < input.Layout.Height; y++)
            {
                var row = input.At(image, block, y, 0);
                for (var x = 0; x < input.Layout.Width; x++) sum += Vector512.Load(row + x * Lanes);
            }
            (sum * scale).Store(output.At(image, block, 0, 0));
            output.ClearHalo(image, block, block + 1, 0, 1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Run<TReduction>(FeatureMaps input, FeatureMaps output, PoolGeometry geometry, int batch, int part, int parts)
        where TReduction : struct, IReduction
    {
        Validate(input.Layout, output.Layout, geometry);
        var (from, to) = (input.Layout, output.Layout);
        var (first, end) = WorkSplit.Slice(batch * to.Blocks * to.Height, part, parts);
        for (var i = first; i < end; i++)
        {
            var (plane, y) = Math.DivRem(i, to.Height);
            var (image, block) = Math.DivRem(plane, to.Blocks);
            var rows = Window.At(y, from.Height, geometry);
            var source = input.At(image, block, 0, 0);
            var target = output.At(image, block, y, 0);
            for (var x = 0; x < to.Width; x++)
            {
                var columns = Window.At(x, from.Width, geometry);
                var value = TReduction.Identity;
                for (var row = rows.First; row < rows.End; row++)
                {
                    var pixel = source + row * from.RowStride + columns.First * Lanes;
                    for (var n = columns.End - columns.First; n > 0; n--, pixel += Lanes)
                        value = TReduction.Add(value, Vector512.Load(pixel));
                }
                TReduction.Finish(value, rows.Count * columns.Count).Store(target + x * Lanes);
            }
            output.ClearHalo(image, block, block + 1, y, y + 1);
        }
    }

    static void Validate(in ActivationLayout input, in ActivationLayout output, PoolGeometry geometry)
    {
        geometry.Validate();
        // Every window begins inside the image or the padding before it.
        var fits = input.Channels == output.Channels && input.Lanes == Lanes && output.Lanes == Lanes
            && (output.Height - 1) * geometry.Stride < input.Height + geometry.Padding
            && (output.Width - 1) * geometry.Stride < input.Width + geometry.Padding;
        if (!fits)
            throw new ArgumentException($"Pooling {geometry} does not make {output} of {input}.");
    }

    /// <summary>A window along one axis: the pixels First … End−1 of the image, of Count with padding.</summary>
    internal readonly record struct Window(int First, int End, int Count)
    {
        public static Window At(int index, int size, PoolGeometry geometry)
        {
            var first = index * geometry.Stride - geometry.Padding;
            var end = Math.Min(first + geometry.Kernel, size + geometry.Padding);
            return new(Math.Max(0, first), Math.Min(size, end), end - first);
        }
    }

    interface IReduction
    {
        static abstract Vector512<float> Identity { get; }
        static abstract Vector512<float> Add(Vector512<float> value, Vector512<float> pixel);
        static abstract Vector512<float> Finish(Vector512<float> value, int count);
    }

    readonly struct Maximum : IReduction
    {
        public static Vector512<float> Identity => Vector512.Create(float.NegativeInfinity);
        public static Vector512<float> Add(Vector512<float> value, Vector512<float> pixel) => Vector512.Max(value, pixel);
        public static Vector512<float> Finish(Vector512<float> value, int count) => value;
    }

    readonly struct Mean : IReduction
    {
        public static Vector512<float> Identity => Vector512<float>.Zero;
        public static Vector512<float> Add(Vector512<float> value, Vector512<float> pixel) => value + pixel;
        public static Vector512<float> Finish(Vector512<float> value, int count) => value / Vector512.Create((float)count);
    }
}
