using ILGPU;
using ILGPU.Algorithms;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Gpu.Kernels;

/// <summary>
/// What is done value by value. A thread for each value of the result. Flags are integers, 0 or 1: a bool has no size that
/// all devices agree on.
/// </summary>
static class ElementWise
{
    public struct Applying
    {
        public ArrayView<float> Input;
        public EpilogueArguments Epilogue;
        public Images Images;
        public int Count;
    }

    /// <summary>An epilogue that is not fused into another operation.</summary>
    public static void Apply(Applying a)
    {
        var i = Grid.GlobalIndex.X;
        if (i >= a.Count) return;
        var at = a.Images.At(i);
        var channel = at.Offset;
        at.Offset = i - channel;
        a.Epilogue.Store(at, channel, a.Input[i]);
    }

    public struct Passing
    {
        public ArrayView<float> From, To;
        public int Count, Accumulate;
    }

    /// <summary>Copies, or adds.</summary>
    public static void Pass(Passing p)
    {
        var i = Grid.GlobalIndex.X;
        if (i < p.Count) p.To[i] = p.Accumulate != 0 ? p.To[i] + p.From[i] : p.From[i];
    }

    /// <summary>Sets <see cref="Passing.To"/> to zero.</summary>
    public static void Clear(Passing p)
    {
        var i = Grid.GlobalIndex.X;
        if (i < p.Count) p.To[i] = 0;
    }

    /// <summary>Sets a gradient (<see cref="Passing.To"/>) to zero where the rectified value is not positive.</summary>
    public static void ReluBackward(Passing p)
    {
        var i = Grid.GlobalIndex.X;
        if (i < p.Count && !(p.From[i] > 0)) p.To[i] = 0;
    }

    /// <summary>1 / (1 + exp(-x)).</summary>
    public static void Sigmoid(Passing p)
    {
        var i = Grid.GlobalIndex.X;
        if (i < p.Count) p.To[i] = Sigmoid(p.From[i]);
    }

    static float Sigmoid(float x) => 1 / (1 + XMath.Exp(-x));

    public struct Combining
    {
        public ArrayView<float> Left, Right, To;
        public int Count, Accumulate;

        public readonly void Store(int i, float value) => To[i] = Accumulate != 0 ? To[i] + value : value;
    }

    /// <summary>The product of two values.</summary>
    public static void Multiply(Combining c)
    {
        var i = Grid.GlobalIndex.X;
        if (i < c.Count) c.Store(i, c.Left[i] * c.Right[i]);
    }

    /// <summary>Of a gradient (<see cref="Combining.Left"/>) and what the sigmoid read.</summary>
    public static void SigmoidBackward(Combining c)
    {
        var i = Grid.GlobalIndex.X;
        if (i >= c.Count) return;
        var y = Sigmoid(c.Right[i]);
        c.Store(i, c.Left[i] * y * (1 - y));
    }

    public struct Padding
    {
        public ArrayView<float> From, To;

        /// <summary>Of what is written.</summary>
        public Images Images;

        /// <summary>Sizes of what is read.</summary>
        public int Height, Width, Channels;

        public FastDivisor Stride;
        public int Count, Accumulate;
    }

    /// <summary>A zero-padded shortcut: subsampled, with as many zero channels before as after.</summary>
    public static void ZeroPad(Padding p)
    {
        var i = Grid.GlobalIndex.X;
        if (i >= p.Count) return;
        var at = p.Images.At(i);
        var channel = at.Offset - ((p.Images.Channels.Divisor - p.Channels) >> 1);
        p.To[i] = (uint)channel < (uint)p.Channels
            ? p.From[((at.Image * p.Height + at.Y * p.Stride.Divisor) * p.Width + at.X * p.Stride.Divisor) * p.Channels + channel]
            : 0;
    }

    public static void ZeroPadBackward(Padding p)
    {
        var i = Grid.GlobalIndex.X;
        if (i >= p.Count) return;
        var at = p.Images.At(i);
        var (y, x) = (p.Stride.Divide(at.Y), p.Stride.Divide(at.X));
        var value = p.Accumulate != 0 ? p.To[i] : 0;
        if (p.Stride.Remainder(at.Y, y) == 0 & p.Stride.Remainder(at.X, x) == 0)
            value += p.From[((at.Image * p.Height + y) * p.Width + x) * p.Channels + at.Offset + ((p.Channels - p.Images.Channels.Divisor) >> 1)];
        p.To[i] = value;
    }

    public struct Dropping
    {
        public ArrayView<float> From, To;
        public Images Images;
        public int Count;

        /// <summary>Of the layer's stream of random numbers.</summary>
        public ulong Key;

        /// <summary>Neighboring values, in PyTorch's order, that share a number of the stream.</summary>
        public FastDivisor Span;

        /// <summary>Number of the step, which says where in the stream it begins.</summary>
        public ArrayView<long> Step;

        /// <summary>The numbers below it drop, of 2⁵³.</summary>
        public ulong Threshold;

        public float Growth;
        public int Accumulate;
    }

    /// <summary>Inverted dropout, of values or of whole images, forward and back alike; by the position in PyTorch's order, as on every device.</summary>
    public static void Drop(Dropping d)
    {
        var i = Grid.GlobalIndex.X;
        if (i >= d.Count) return;
        var z = d.Key + 0x9E3779B97F4A7C15UL * ((ulong)((d.Step[0] << DropRule.StepBits) + d.Span.Divide(d.Images.Nchw(d.Images.At(i)))) + 1);
        // SplitMix64's mixing, that of CounterRandom.
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        z ^= z >> 31;
        var value = (z >> 11) >= d.Threshold ? d.From[i] * d.Growth : 0;
        d.To[i] = d.Accumulate != 0 ? d.To[i] + value : value;
    }
}
