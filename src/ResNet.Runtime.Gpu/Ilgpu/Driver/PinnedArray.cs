using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;

namespace ResNet.Runtime.Gpu.Driver;

/// <summary>Memory of the host that a device copies from and to by itself, while the host does something else.</summary>
/// <typeparam name="T">Of at most eight bytes, so that they begin where pages do.</typeparam>
sealed unsafe class PinnedArray<T> : IDisposable where T : unmanaged
{
    readonly PageLockScope<T> _locked;

    public PinnedArray(Accelerator accelerator, int length)
    {
        // Whole pages of its own: CUDA locks pages, and none twice.
        var page = Environment.SystemPageSize / sizeof(T);
        var pages = Math.Max(1, (length + page - 1) / page) * page;
        var array = GC.AllocateUninitializedArray<T>(pages + page, pinned: true);
        var address = (nuint)Marshal.UnsafeAddrOfPinnedArrayElement(array, 0);
        var first = (int)((nuint)(-(nint)address) % (nuint)Environment.SystemPageSize) / sizeof(T);
        Memory = array.AsMemory(first, length);
        _locked = accelerator.CreatePageLockFromPinned<T>(Marshal.UnsafeAddrOfPinnedArrayElement(array, first), pages);
    }

    public Memory<T> Memory { get; }

    public Span<T> Span => Memory.Span;

    public void Dispose() => _locked.Dispose();
}
