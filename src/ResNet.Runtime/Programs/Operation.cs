using ResNet.Dsl;

namespace ResNet.Runtime.Programs;

/// <summary>The part of its layer that an operation computes.</summary>
public enum OperationKind
{
    /// <summary>The layer's output, with its epilogue.</summary>
    Forward,

    /// <summary>The gradient of the layer's input, with those of a scale and a shift, and of a ReLU that is fused.</summary>
    InputGradient,

    /// <summary>The gradient of a convolution's or a dense layer's weight and bias.</summary>
    WeightGradient,
}

/// <summary>One operation of a compiled pass, as a device computes it.</summary>
/// <param name="Name">Full name of its layer; of what belongs to no layer, a word: <c>input</c>, <c>loss</c>.</param>
/// <param name="Layer">Index of its layer in <see cref="NetworkDefinition.Layers"/>; null where there is none.</param>
/// <param name="Kind">The part of the layer that it computes.</param>
/// <param name="MultiplyAdds">Multiply-adds per image, as the papers count them, independent of the algorithm; 0 where there are none.</param>
/// <param name="Algorithm">The device's algorithm, such as <c>direct 14×32</c>; empty where there is no choice.</param>
public sealed record Operation(string Name, int? Layer = null, OperationKind Kind = OperationKind.Forward, long MultiplyAdds = 0, string Algorithm = "")
{
    internal static Operation Of(LayerInstance row, OperationKind kind = OperationKind.Forward) => new(row.Name, row.Index, kind, row.MultiplyAdds);

    /// <summary>An epilogue by itself is known by its normalization, or else by its addition or ReLU.</summary>
    internal static Operation Of(IReadOnlyList<LayerInstance> layers, Epilogue then) =>
        (then.InnerNorm ?? then.OuterNorm) is { } norm ? Of(layers[norm]) : new(then.Addend is null ? "ReLU" : "addition");

    /// <summary>Element-wise operations after a layer's operation that could not be fused into it.</summary>
    internal static Operation After(LayerInstance row) => Of(row) with { MultiplyAdds = 0 };
}

/// <summary>The time of an operation.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Images">The number of images: a device may compute a batch in portions, and an operation then has several times.</param>
/// <param name="Time">From the end of the operation before it to its own.</param>
public readonly record struct OperationTime(Operation Operation, int Images, TimeSpan Time);
