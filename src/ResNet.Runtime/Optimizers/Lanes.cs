using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ResNet.Runtime.Optimizers;

/// <summary>Sixteen neighboring values of a tensor of any length. Zeros follow its end, so that the last values are rounded as all others are.</summary>
static class Lanes
{
    /// <summary>Number of values.</summary>
    public static int Count => Vector512<float>.Count;

    /// <summary>Reads the values at a position.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(ReadOnlySpan<float> values, int at) =>
        at + Count <= values.Length ? Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(values), (nuint)at) : LoadLast(values[at..]);

    /// <summary>Writes the values at a position.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> lanes, Span<float> values, int at)
    {
        if (at + Count <= values.Length) lanes.StoreUnsafe(ref MemoryMarshal.GetReference(values), (nuint)at);
        else StoreLast(lanes, values[at..]);
    }

    static Vector512<float> LoadLast(ReadOnlySpan<float> values)
    {
        Span<float> last = stackalloc float[Count];
        last.Clear();
        values.CopyTo(last);
        return Vector512.Create<float>(last);
    }

    static void StoreLast(Vector512<float> lanes, Span<float> values)
    {
        Span<float> last = stackalloc float[Count];
        lanes.CopyTo(last);
        last[..values.Length].CopyTo(values);
    }
}
