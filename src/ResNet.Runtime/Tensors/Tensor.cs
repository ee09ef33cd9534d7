namespace ResNet.Runtime;

/// <summary>Numbers with a shape, row by row: what goes into a network and what comes out.</summary>
public sealed partial class Tensor
{
    readonly int[] _shape;
    readonly float[] _data;

    /// <summary>A tensor of zeros.</summary>
    /// <param name="shape">Dimensions; images are batch × channels × height × width.</param>
    /// <exception cref="ArgumentException">A dimension is negative, or there are more values than an array holds.</exception>
    public Tensor(params ReadOnlySpan<int> shape)
    {
        _shape = shape.ToArray();
        _data = new float[Count(shape)];
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
        _data = data;
    }

    /// <summary>The dimensions.</summary>
    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>The values, the last dimension running fastest.</summary>
    public Span<float> Data => _data;

    /// <summary><see cref="Data"/>, to be kept.</summary>
    internal ReadOnlyMemory<float> Memory => _data;

    /// <summary>The values of one item of the first dimension: of an image of a batch, say.</summary>
    /// <param name="index">Position in the first dimension.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such item.</exception>
    public Span<float> this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _shape.Length == 0 ? 0 : _shape[0]);
            var size = _data.Length / _shape[0];
            return _data.AsSpan(index * size, size);
        }
    }

    /// <summary>The dimensions, as <c>1×3×224×224</c>.</summary>
    public override string ToString() => string.Join('×', _shape);

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
