using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace ResNet.Runtime.Cpu.Memory;

/// <summary>Brings memory into the second-level cache ahead of its use. Where the processor has no instruction for it, nothing happens.</summary>
static unsafe class Prefetching
{
    const int LineFloats = 16;

    /// <summary>A tensor of this size, and others like it, fall out of the caches before they are read.</summary>
    const long CachedBytes = 4 * 1024 * 1024;

    /// <summary>Whether a tensor comes from memory, so that fetching it ahead is worth its instructions.</summary>
    public static bool Pays(long floats) => floats * sizeof(float) > CachedBytes;

    /// <summary>Asks for some neighboring floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch(float* memory, nint floats)
    {
        if (!Sse.IsSupported) return;
        for (nint i = 0; i < floats; i += LineFloats) Sse.Prefetch1(memory + i);
    }

    /// <summary>Asks for rows of some blocks of channels.</summary>
    /// <param name="pixels">The tensor.</param>
    /// <param name="firstBlock">The first block.</param>
    /// <param name="blocks">Number of blocks.</param>
    /// <param name="first">The first row, image · height + y.</param>
    /// <param name="end">One beyond the last.</param>
    /// <param name="height">Rows that are counted for an image; those that it does not have are passed over.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FetchRows(FeatureMaps pixels, int firstBlock, int blocks, int first, int end, int height)
    {
        for (var row = first; row < end; row++)
        {
            var (image, y) = Math.DivRem(row, height);
            if (y >= pixels.Layout.Height) continue;
            for (var block = firstBlock; block < firstBlock + blocks; block++)
                Fetch(pixels.At(image, block, y, 0), pixels.Layout.RowStride);
        }
    }
}
