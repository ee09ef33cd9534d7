namespace ResNet.Onnx;

/// <summary>Options of writing the C# of an ONNX model.</summary>
public sealed record OnnxSourceOptions
{
    /// <summary>The defaults.</summary>
    public static OnnxSourceOptions Default { get; } = new();

    /// <summary>Name of the class; null for that of the source file, in Pascal case: <c>MyModel</c> for <c>my-model.cs</c>.</summary>
    public string? ClassName { get; init; }

    /// <summary>Namespace of the class; none if null or empty.</summary>
    public string? Namespace { get; init; }

    /// <summary>Whether files that are there already are replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Whether the source is marked as generated, so that analyzers leave it alone: for builds, which write it anew.</summary>
    public bool IsGenerated { get; init; }
}
