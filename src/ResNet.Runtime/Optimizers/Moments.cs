using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ResNet.Runtime.Optimizers;

/// <summary>The moving averages of gradients and of their squares, corrected for their start at zero (Kingma and Ba 2014, algorithm 1).</summary>
readonly struct Moments
{
    readonly float _beta1, _beta2, _part1, _part2, _correction, _root, _epsilon;

    /// <summary>Prepares a step.</summary>
    /// <param name="beta1">The part of the average of gradients that is kept.</param>
    /// <param name="beta2">The part of the average of squares that is kept.</param>
    /// <param name="epsilon">The number that is added to the root of the average of squares.</param>
    /// <param name="step">Number of the step, from 1 on.</param>
    public Moments(double beta1, double beta2, double epsilon, long step)
    {
        (_beta1, _part1, _beta2, _part2, _epsilon) = ((float)beta1, (float)(1 - beta1), (float)beta2, (float)(1 - beta2), (float)epsilon);
        (Correction, Root) = (1 - Math.Pow(beta1, step), Math.Sqrt(1 - Math.Pow(beta2, step)));
        (_correction, _root) = ((float)Correction, (float)Root);
    }

    /// <summary>The divisor of the average of gradients.</summary>
    public double Correction { get; }

    /// <summary>The divisor of the root of the average of squares.</summary>
    public double Root { get; }

    /// <summary>Takes in the gradients of sixteen values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Move(ReadOnlySpan<float> gradients, Span<float> means, Span<float> squares, int at)
    {
        // No fused multiply-add, here and elsewhere: all machines round alike.
        var gradient = Lanes.Load(gradients, at);
        Lanes.Store(Lanes.Load(means, at) * _beta1 + gradient * _part1, means, at);
        Lanes.Store(Lanes.Load(squares, at) * _beta2 + gradient * gradient * _part2, squares, at);
    }

    /// <summary>The direction of sixteen values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Direction(ReadOnlySpan<float> means, ReadOnlySpan<float> squares, int at) =>
        Lanes.Load(means, at) / _correction / (Vector512.Sqrt(Lanes.Load(squares, at)) / _root + Vector512.Create(_epsilon));

    /// <summary>Checks the values that an optimizer of this kind is given.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message names it.</exception>
    public static void Check(double beta1, double beta2, double epsilon)
    {
        if (beta1 is not (>= 0 and < 1)) throw new ArgumentException($"Beta1 is {beta1}; expected from 0 to below 1");
        if (beta2 is not (>= 0 and < 1)) throw new ArgumentException($"Beta2 is {beta2}; expected from 0 to below 1");
        // The zeros after a tensor's end would be divided by zero, in single precision.
        if ((float)epsilon is not (> 0 and < float.PositiveInfinity)) throw new ArgumentException($"Epsilon is {epsilon}; expected above 0, in single precision, too");
    }
}
