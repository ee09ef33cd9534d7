using System.Numerics.Tensors;
using ResNet.Runtime.Tensors;

namespace ResNet.Runtime;

/// <summary>Numbers with a shape, row by row: what goes into a network and what comes out.</summary>
public sealed partial class Tensor
{
    readonly int[] _shape;
    readonly int _length;

    // Values lie in one of the two: on the host, or in a device's memory until they are read. Zeros need neither.
    float[]? _data;
    volatile ResidentValues? _resident;

    /// <summary>A tensor of zeros.</summary>
    /// <param name="shape">Dimensions; images are batch × channels × height × width.</param>
    /// <exception cref="ArgumentException">A dimension is negative, or there are more values than an array holds.</exception>
    public Tensor(params ReadOnlySpan<int> shape)
    {
        _shape = shape.ToArray();
        _length = Count(shape);
        _data = new float[_length];
    }

    /// <inheritdoc cref="Tensor(ReadOnlySpan{int})"/>
    // C# before 13 and other languages list arguments for arrays alone.
    public Tensor(params int[] shape) : this(new ReadOnlySpan<int>(shape ?? throw new ArgumentNullException(nameof(shape))))
    {
    }

    /// <summary>A tensor over an array, which is not copied.</summary>
    /// <param name="data">The values, the last dimension running fastest.</param>
    /// <param name="shape">Dimensions.</param>
    /// <exception cref="ArgumentException">The shape does not have as many values as the array.</exception>
    public Tensor(float[] data, params ReadOnlySpan<int> shape)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (Count(shape) != data.Length)
            throw new ArgumentException($"A tensor of {string.Join('×', shape.ToArray())} does not have {data.Length} values", nameof(shape));
        _shape = shape.ToArray();
        (_length, _data) = (data.Length, data);
    }

    /// <inheritdoc cref="Tensor(float[], ReadOnlySpan{int})"/>
    public Tensor(float[] data, params int[] shape) : this(data, new ReadOnlySpan<int>(shape ?? throw new ArgumentNullException(nameof(shape))))
    {
    }

    Tensor(int[] shape, bool mayReside) => (_shape, _length, MayReside) = (shape, Count(shape), mayReside);

    /// <summary>The dimensions.</summary>
    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>Number of values.</summary>
    internal int Length => _length;

    /// <summary>The values, the last dimension running fastest.</summary>
    public Span<float> Data => OnHost();

    /// <summary><see cref="Data"/>, to be kept.</summary>
    internal ReadOnlyMemory<float> Memory => OnHost();

    /// <summary>Whether a device may keep the values in its memory until they are read.</summary>
    internal bool MayReside { get; }

    /// <summary>The values in a device's memory; null where they lie on the host.</summary>
    internal ResidentValues? Resident => _resident;

    /// <summary>The values of one item of the first dimension: of an image of a batch, say.</summary>
    /// <param name="index">Position in the first dimension.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such item.</exception>
    public Span<float> this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _shape.Length == 0 ? 0 : _shape[0]);
            var size = _length / _shape[0];
            return Data.Slice(index * size, size);
        }
    }

    /// <summary>Divides each item of the first dimension by its Euclidean norm; one of zeros stays as it is.</summary>
    internal void NormalizeItems()
    {
        for (var i = 0; i < _shape[0]; i++)
            if (TensorPrimitives.Norm<float>(this[i]) is > 0 and var norm) TensorPrimitives.Divide(this[i], norm, this[i]);
    }

    /// <summary>The dimensions, as <c>1×3×224×224</c>.</summary>
    public override string ToString() => string.Join('×', _shape);

    /// <summary>A tensor of zeros whose values a device may keep in its memory until they are read (<see cref="Reside"/>).</summary>
    internal static Tensor OnDevice(params ReadOnlySpan<int> shape) => new(shape.ToArray(), mayReside: true);

    /// <summary>Replaces the values by those in a device's memory, which the tensor then owns.</summary>
    internal void Reside(ResidentValues values)
    {
        Release();
        _resident = values;
    }

    /// <summary>Frees the device's memory; values that lie there are lost.</summary>
    internal void Release()
    {
        _resident?.Dispose();
        _resident = null;
    }

    /// <summary>Brings the values to the host. Several threads may ask at once, as those do that write parts of a tap's value.</summary>
    float[] OnHost()
    {
        if (_resident is null && _data is { } here) return here;
        lock (_shape)
        {
            _data ??= new float[_length];
            _resident?.CopyTo(_data);
            Release();
            return _data;
        }
    }

    static int Count(ReadOnlySpan<int> shape)
    {
        var count = 1L;
        foreach (var size in shape)
        {
            if (size < 0) throw new ArgumentException($"A dimension is {size}", nameof(shape));
            count *= size;
            if (count > Array.MaxLength) throw new ArgumentException($"A tensor of {string.Join('×', shape.ToArray())} is larger than an array", nameof(shape));
        }
        return (int)count;
    }
}
