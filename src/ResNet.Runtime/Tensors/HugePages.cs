using System.Runtime.InteropServices;

namespace ResNet.Runtime.Tensors;

/// <summary>Large pages for large buffers: a page fault for every 4 KB of weights would cost more than reading them from disk.</summary>
static unsafe partial class HugePages
{
    /// <summary>The size of a large page on x64, and a common one on ARM64.</summary>
    public const nuint Size = 2 * 1024 * 1024;

    const int MadviseHugePage = 14;

    /// <summary>Asks for large pages before the memory is first touched. It is a wish: where it is not granted, nothing changes.</summary>
    public static void Advise(void* memory, nuint bytes)
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = Madvise(memory, bytes / Size * Size, MadviseHugePage);
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            // A C library of another name: ordinary pages.
        }
    }

    /// <summary>The same for a new array, if it is large.</summary>
    public static void Advise(float[] array)
    {
        var bytes = (nuint)array.Length * sizeof(float);
        if (bytes < 2 * Size) return;
        fixed (float* first = array)
        {
            var start = ((nuint)first + Size - 1) / Size * Size;
            Advise((void*)start, (nuint)first + bytes - start);
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Madvise(void* address, nuint length, int advice);
}
