namespace ResNet.Onnx;

/// <summary>Options of writing a network as an ONNX model.</summary>
public sealed record OnnxOptions
{
    /// <summary>The oldest and the newest version of the operator set that can be written.</summary>
    public const int OldestOpset = 13, NewestOpset = 21;

    /// <summary>The defaults.</summary>
    public static OnnxOptions Default { get; } = new();

    /// <summary>Whether the model takes batches of any size; otherwise it takes one image at a time, which some runtimes need to know.</summary>
    public bool DynamicBatch { get; init; }

    /// <summary>Version of the operator set, 13 to 21: 17, by default, is what runtimes since 2022 read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The version is not one of these.</exception>
    public int Opset
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, OldestOpset, nameof(Opset));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, NewestOpset, nameof(Opset));
            field = value;
        }
    } = 17;

    /// <summary>Version of the file format that belongs to the operator set.</summary>
    internal int IrVersion => Opset switch
    {
        <= 14 => 7,
        <= 18 => 8,
        <= 20 => 9,
        _ => 10,
    };
}
