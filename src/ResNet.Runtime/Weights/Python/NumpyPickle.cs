using System.Text;

namespace ResNet.Runtime.Weights.Python;

/// <summary>The functions and classes of NumPy that a pickle of arrays may call; each stands for what it makes.</summary>
enum NumpyCall { Reconstruct, FromBuffer, Array, Type, Encode, Bytes }

/// <summary>The type of an array's elements, as <c>numpy.dtype('u1')</c>.</summary>
sealed record NumpyType(string Name);

/// <summary>An array's elements as they lie in its pickle. Nothing but the types is checked.</summary>
sealed class NumpyArray
{
    /// <summary>The elements' type, or null as long as the pickle has not said it.</summary>
    public NumpyType? Type { get; set; }

    public long[] Shape { get; set; } = [];

    /// <summary>Whether the first index runs fastest (Fortran's order), not the last.</summary>
    public bool IsColumnMajor { get; set; }

    public byte[] Content { get; set; } = [];
}

/// <summary>
/// The names a pickle of NumPy arrays may ask for, written by Python 2 or by Python 3 in any of the protocols 2 to 5, and what calling
/// them yields: arrays of numbers. Arrays of objects are refused.
/// </summary>
/// <param name="invalid">Makes an error that names the file.</param>
sealed class NumpyPickle(Func<string, Exception> invalid) : PickleDialect
{
    const int MaxRank = 32;

    public override string Writer => "NumPy";

    // Protocol 2 of Python 3 has no bytes: it writes an array's as text, a character each.
    public override int MaxText => 1 << 30;

    public override bool StringsAreBytes => true;

    public override object? Find(string name) => name switch
    {
        // NumPy 2 moved its core.
        "numpy.core.multiarray._reconstruct" or "numpy._core.multiarray._reconstruct" => NumpyCall.Reconstruct,
        "numpy.core.numeric._frombuffer" or "numpy._core.numeric._frombuffer" => NumpyCall.FromBuffer,
        "numpy.ndarray" => NumpyCall.Array,
        "numpy.dtype" => NumpyCall.Type,
        "_codecs.encode" => NumpyCall.Encode,
        "__builtin__.bytes" or "builtins.bytes" => NumpyCall.Bytes,
        _ => null,
    };

    public override PickleObject Unknown(string name) => throw Invalid($"the file asks for {name}, which no array needs; refused.");

    public override object? Call(Enum callee, object?[] arguments) => (callee, arguments) switch
    {
        // An empty array, whose state follows.
        (NumpyCall.Reconstruct, [NumpyCall.Array, object?[], byte[]]) => new NumpyArray(),
        (NumpyCall.FromBuffer, [byte[] content, NumpyType type, object?[] shape, string order]) when Shape(shape) is { } sizes =>
            new NumpyArray { Type = type, Shape = sizes, IsColumnMajor = order == "F", Content = content },
        (NumpyCall.Type, [byte[] { Length: <= 16 } name, ..]) => new NumpyType(Encoding.Latin1.GetString(name)),
        (NumpyCall.Type, [string { Length: <= 16 } name, ..]) => new NumpyType(name),
        (NumpyCall.Encode, [string text, "latin1"]) when !text.AsSpan().ContainsAnyExceptInRange('\0', '\xff') => Encoding.Latin1.GetBytes(text),
        (NumpyCall.Bytes, []) => Array.Empty<byte>(),
        _ => null,
    };

    public override bool SetState(object? target, object? state)
    {
        switch (target, state)
        {
            // The remaining values (byte order, fields, alignment) do not affect bytes.
            case (NumpyType, object?[]):
                return true;
            case (NumpyArray array, object?[] and [long, object?[] shape, NumpyType type, bool isColumnMajor, byte[] content]) when Shape(shape) is { } sizes:
                (array.Type, array.Shape, array.IsColumnMajor, array.Content) = (type, sizes, isColumnMajor, content);
                return true;
            default:
                return false;
        }
    }

    public override Exception Invalid(string problem) => invalid(problem);

    static long[]? Shape(object?[] sizes) =>
        sizes.Length <= MaxRank && Array.TrueForAll(sizes, size => size is >= 0L) ? Array.ConvertAll(sizes, size => (long)size!) : null;
}
