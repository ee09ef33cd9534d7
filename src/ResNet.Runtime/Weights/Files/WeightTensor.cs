using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ResNet.Runtime.Weights.Files;

namespace ResNet.Runtime;

/// <summary>
/// A named array of numbers: one parameter or running statistic of a network, in row-major order and with PyTorch's
/// dimensions (a convolution's weight is output channels × input channels per group × height × width).
/// A tensor of a <see cref="WeightFile"/> is read from the file when asked for, and lives as long as the file is open.
/// </summary>
public sealed class WeightTensor
{
    readonly ReadOnlyMemory<float> _memory;
    readonly WeightBytes? _file;
    readonly long _offset;
    readonly ImmutableArray<long> _strides;
    readonly int _storedBytes;

    /// <summary>A tensor over numbers in memory, to be saved.</summary>
    /// <param name="name">The name, as <c>layer1.0.conv1.weight</c>.</param>
    /// <param name="shape">The dimensions; empty for a single number.</param>
    /// <param name="data">The numbers in row-major order. They are not copied.</param>
    /// <exception cref="ArgumentException">The shape has a negative dimension, or another number of elements than <paramref name="data"/>.</exception>
    public WeightTensor(string name, ImmutableArray<int> shape, ReadOnlyMemory<float> data)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (shape.IsDefault || !TensorLayout.TryCount(shape, out var length) || length != data.Length)
            throw new ArgumentException($"{(shape.IsDefault ? "No shape" : WeightsException.Text(shape))} does not describe {data.Length} numbers.", nameof(shape));
        (Name, FullName) = (name, name);
        Type = WeightType.Float32;
        Shape = shape;
        Length = data.Length;
        _memory = data;
    }

    /// <summary>
    /// A tensor in a file, from the byte <paramref name="offset"/> on; <paramref name="strides"/> count the elements from one index to the
    /// next, per dimension, and are left out where the elements are contiguous. <paramref name="fullName"/> is left out where it is the name.
    /// </summary>
    /// <exception cref="WeightsException">The file does not hold all of the elements.</exception>
    internal WeightTensor(
        WeightBytes file, string name, WeightType type, ImmutableArray<int> shape, long offset, ImmutableArray<long> strides = default, string? fullName = null)
    {
        if (!TensorLayout.TryCount(shape, out var length))
            throw file.Invalid("the shape is negative or too large", name, found: WeightsException.Text(shape));
        Name = name;
        FullName = fullName ?? name;
        Type = type;
        Shape = shape;
        Length = length;
        _file = file;
        _offset = offset;
        _strides = strides.IsDefault || TensorLayout.IsContiguous(shape, strides) ? default : strides;
        try
        {
            _storedBytes = checked((int)((_strides.IsDefault ? length : TensorLayout.Extent(shape, strides)) * type.Size()));
        }
        catch (OverflowException)
        {
            throw file.Invalid("more than 2 GiB cannot be read at once", name, found: WeightsException.Text(shape));
        }
        file.Slice(offset, _storedBytes);
    }

    /// <summary>The tensor's name in its file.</summary>
    public string Name { get; }

    /// <summary>The name, preceded by those of the dictionaries that hold the tensor, where the file has such.</summary>
    internal string FullName { get; }

    /// <summary>The type in which the elements are stored.</summary>
    public WeightType Type { get; }

    /// <summary>The dimensions, outermost first; empty for a single number.</summary>
    public ImmutableArray<int> Shape { get; }

    /// <summary>The number of elements: the product of <see cref="Shape"/>.</summary>
    public int Length { get; }

    /// <summary>Reads the elements in row-major order, converted to single precision (floating point is rounded to nearest).</summary>
    /// <param name="destination">The destination: exactly <see cref="Length"/> elements.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> has another length.</exception>
    /// <exception cref="ObjectDisposedException">The file was closed.</exception>
    /// <exception cref="WeightsException">An integer, or a double beyond the range of a single, cannot be represented.</exception>
    public void CopyTo(Span<float> destination)
    {
        if (destination.Length != Length)
            throw new ArgumentException($"'{Name}' has {Length} elements; the destination has {destination.Length}.", nameof(destination));
        if (_file is not null && Type == WeightType.Float32 && _strides.IsDefault)
            _file.Read(_offset, MemoryMarshal.AsBytes(destination));
        else if (!TensorLayout.TryToSingle(Type, Bytes(), destination, out var stray))
            throw new WeightsException(_file!.Name, $"{stray} cannot be represented in single precision", Name);
        GC.KeepAlive(this);
    }

    /// <summary>The elements in row-major order, converted as <see cref="CopyTo"/> does.</summary>
    public float[] ToArray()
    {
        var values = GC.AllocateUninitializedArray<float>(Length);
        CopyTo(values);
        return values;
    }

    /// <summary>The tensor in another type of floating point, each element rounded to the nearest, of two the even one.</summary>
    /// <param name="type">Single, half or bfloat16.</param>
    /// <returns>This tensor where it has that type, or none of floating point; else a new one in memory.</returns>
    /// <exception cref="ArgumentException">Nothing is written in that type.</exception>
    /// <exception cref="WeightsException">A finite element is beyond the type's range.</exception>
    public WeightTensor ConvertTo(WeightType type)
    {
        if (type is not (WeightType.Float32 or WeightType.Float16 or WeightType.BFloat16))
            throw new ArgumentException($"Weights are written as {WeightType.Float32}, {WeightType.Float16} or {WeightType.BFloat16}, not as {type}.", nameof(type));
        if (type == Type || !Type.IsFloatingPoint()) return this;
        var converted = new byte[checked(Length * type.Size())];
        if (!FloatFormats.TryConvert(Type, Bytes(), type, converted, out var stray))
            throw new WeightsException(_file?.Name ?? "memory", $"{stray} is beyond the range of {type}", Name);
        GC.KeepAlive(this);
        return new(new MemoryBytes(_file?.Name ?? "memory", converted), Name, type, Shape, 0);
    }

    /// <summary>The same elements, in row-major order, under another name and in another shape.</summary>
    internal WeightTensor As(string name, ImmutableArray<int> shape)
    {
        if (_file is null) return new(name, shape, _memory);
        if (_strides.IsDefault || shape.SequenceEqual(Shape)) return new(_file, name, Type, shape, _offset, _strides);
        // The strides belong to the shape that they came with.
        return new(new MemoryBytes(_file.Name, Bytes().ToArray()), name, Type, shape, 0);
    }

    /// <summary>The elements as stored, in row-major order. Valid while the file is open and this object alive.</summary>
    internal ReadOnlySpan<byte> Bytes()
    {
        if (_strides.IsDefault)
            return Stored();
        var gathered = GC.AllocateUninitializedArray<byte>(checked(Length * Type.Size()));
        TensorLayout.Gather(Stored(), gathered, Type.Size(), Shape, _strides);
        GC.KeepAlive(this);
        return gathered;
    }

    ReadOnlySpan<byte> Stored() => _file is null ? MemoryMarshal.AsBytes(_memory.Span) : _file.Slice(_offset, _storedBytes);
}
