using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using ResNet.Runtime.Gpu.Kernels;

namespace ResNet.Runtime.Gpu.Tests;

/// <summary>
/// A kernel's structure of parameters as ILGPU lays it out for CUDA: field after field, each aligned to its size, and a view
/// as its address and its length.
/// </summary>
sealed class KernelArguments
{
    readonly List<byte> _bytes = [];

    public KernelArguments(object product)
    {
        Add(product);
        Align(AlignmentOf(product.GetType()));
        Bytes = [.. _bytes];
    }

    public byte[] Bytes { get; }

    /// <summary>The bounds of the views: the memory that the kernel may touch.</summary>
    public List<(ulong Begin, ulong End)> Tensors { get; } = [];

    void Add(object value)
    {
        Align(AlignmentOf(value.GetType()));
        switch (value)
        {
            case int number:
                Add(number);
                break;
            case uint number:
                Add(number);
                break;
            case long number:
                Add(number);
                break;
            case ulong number:
                Add(number);
                break;
            case float number:
                Add(number);
                break;
            case Enum flags:
                Add(Convert.ToInt32(flags, provider: null));
                break;
            case ArrayView<float> view:
                AddView(view.LoadEffectiveAddressAsPtr(), view.Length, view.LengthInBytes);
                break;
            case ArrayView<int> view:
                AddView(view.LoadEffectiveAddressAsPtr(), view.Length, view.LengthInBytes);
                break;
            case ArrayView<long> view:
                AddView(view.LoadEffectiveAddressAsPtr(), view.Length, view.LengthInBytes);
                break;
            case ArrayView<Float4> view:
                AddView(view.LoadEffectiveAddressAsPtr(), view.Length, view.LengthInBytes);
                break;
            default:
                foreach (var field in Fields(value.GetType())) Add(field.GetValue(value)!);
                Align(AlignmentOf(value.GetType()));
                break;
        }
    }

    void AddView(nint address, long length, long bytes)
    {
        Add(address);
        Add(length);
        Tensors.Add(((ulong)address, (ulong)(address + bytes)));
    }

    void Add<T>(T value) where T : unmanaged => _bytes.AddRange(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));

    void Align(int alignment)
    {
        while (_bytes.Count % alignment != 0) _bytes.Add(0);
    }

    static int AlignmentOf(Type type) =>
        type == typeof(int) || type == typeof(uint) || type == typeof(float) || type.IsEnum ? 4
        : type == typeof(long) || type == typeof(ulong) || type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ArrayView<>) ? 8
        : Fields(type).Max(field => AlignmentOf(field.FieldType));

    // In the order of their declaration.
    static IEnumerable<FieldInfo> Fields(Type type) => type.IsPrimitive
        ? throw new NotSupportedException(type.Name)
        : type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).OrderBy(field => field.MetadataToken);
}
