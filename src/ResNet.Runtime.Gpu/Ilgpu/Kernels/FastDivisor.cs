using System.Numerics;

namespace ResNet.Runtime.Gpu.Kernels;

/// <summary>
/// Division by a number that is known before a kernel runs, as a multiplication (Granlund and Montgomery 1994): GPUs have no
/// division, and ILGPU's compiler leaves those by constants as they are. Exact for 0 … 2³¹−1.
/// </summary>
readonly struct FastDivisor
{
    readonly uint _magic;
    readonly int _shift;

    public FastDivisor(int divisor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(divisor, 1);
        _shift = 31 + (32 - BitOperations.LeadingZeroCount((uint)(divisor - 1)));
        _magic = (uint)(((1UL << _shift) + (ulong)divisor - 1) / (ulong)divisor);
        Divisor = divisor;
    }

    public readonly int Divisor;

    // As an unsigned number, or ILGPU would extend its sign where it is divided further.
    public int Divide(int value) => (int)(uint)(((ulong)(uint)value * _magic) >> _shift);

    /// <summary>The remainder, given the quotient.</summary>
    public int Remainder(int value, int quotient) => value - quotient * Divisor;
}
