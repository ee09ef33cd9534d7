using ResNet.Dsl;
using ResNet.Planning.Programs;

namespace ResNet.Planning.Graph;

/// <summary>A call of the backward pass.</summary>
sealed class BackwardNode(string stage, string unit, BackwardOperation kind, LayerReference? site, ValueNode gradient) : CallNode(stage, unit)
{
    public BackwardOperation Kind { get; } = kind;

    /// <summary>The layer, of operations that are one.</summary>
    public LayerReference? Site { get; } = site;

    /// <summary>The input of the layer; backward through a product, the other factor.</summary>
    public ValueNode? Input { get; set; }

    /// <summary>Whether it looks at <see cref="Input"/>.</summary>
    public bool ReadsInput => Site is { } site ? site.Layer.BackwardReadsInput : Input is not null;

    /// <summary>The output of a ReLU.</summary>
    public ValueNode? Rectified { get; set; }

    /// <summary>Gradient of the result; read, and by a ReLU changed.</summary>
    public ValueNode Gradient { get; } = gradient;

    /// <summary>Gradient of the input; null if nothing needs it.</summary>
    public ValueNode? To { get; init; }

    /// <summary>Whether <see cref="To"/> is added to.</summary>
    public bool Accumulate { get; init; }

    public override bool IsBackward => true;
}
