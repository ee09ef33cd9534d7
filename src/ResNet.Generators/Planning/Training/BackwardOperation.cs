using ResNet.Dsl;

namespace ResNet.Generators.Planning;

/// <summary>The backward operations of the runtime's training pass, by name.</summary>
enum BackwardOperationKind
{
    ConvBackward,
    NormBackward,
    ReluBackward,
    DenseBackward,
    TransformBackward,
    Pass,
}

/// <summary>A call of the backward pass.</summary>
sealed class BackwardOperation(string stage, string unit, BackwardOperationKind kind, LayerSite? site, Value gradient) : Call(stage, unit)
{
    public BackwardOperationKind Kind { get; } = kind;

    /// <summary>The layer, of operations that are one.</summary>
    public LayerSite? Site { get; } = site;

    /// <summary>What the layer read.</summary>
    public Value? Input { get; set; }

    /// <summary>Whether it looks at <see cref="Input"/>: of all transforms only max pooling does.</summary>
    public bool ReadsInput => Input is not null && (Kind != BackwardOperationKind.TransformBackward || Site!.Layer is MaxPool);

    /// <summary>What a ReLU yielded.</summary>
    public Value? Rectified { get; set; }

    /// <summary>Gradient of the result; read, and by a ReLU changed.</summary>
    public Value Gradient { get; } = gradient;

    /// <summary>Gradient of the input; null if nobody needs it.</summary>
    public Value? To { get; init; }

    /// <summary>Whether <see cref="To"/> is added to.</summary>
    public bool Accumulate { get; init; }

    public override bool IsBackward => true;
}
