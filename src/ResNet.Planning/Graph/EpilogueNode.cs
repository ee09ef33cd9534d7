using ResNet.Planning.Programs;

namespace ResNet.Planning.Graph;

/// <summary>
/// What an operation does to its result before storing it, in the order that the runtime's epilogue allows:
/// norm, ReLU, addition, store, norm, ReLU.
/// </summary>
sealed record EpilogueNode
{
    public static EpilogueNode None { get; } = new();

    public LayerReference? InnerNorm { get; private init; }

    public bool InnerRelu { get; private init; }

    public ValueNode? Addend { get; private init; }

    public bool PadsAddend { get; private init; }

    /// <summary>The value as it is after the addition, where both it and the final result are wanted.</summary>
    public ValueNode? Stored { get; private init; }

    public LayerReference? OuterNorm { get; private init; }

    public bool OuterRelu { get; private init; }

    public bool CanAdd => Addend is null && Stored is null;

    public bool CanStore => Stored is null && OuterNorm is null && !(Addend is not null && OuterRelu);

    /// <summary>The normalization and ReLU that this is, if it is nothing else.</summary>
    public Pointwise? AsPointwise => CanAdd ? new(InnerNorm, OuterRelu) : null;

    public EpilogueNode Add(ValueNode addend, bool pads) =>
        this with { InnerRelu = OuterRelu, OuterRelu = false, Addend = addend, PadsAddend = pads };

    /// <summary>The same with another value in the addend's place.</summary>
    public EpilogueNode WithAddend(ValueNode addend) => this with { Addend = addend };

    public EpilogueNode Store(ValueNode value) => Addend is not null
        ? this with { Stored = value }
        : this with { InnerRelu = OuterRelu, OuterRelu = false, Stored = value };

    public bool CanApply(Pointwise then) => !OuterRelu && (then.Norm is null || (CanAdd ? InnerNorm : OuterNorm) is null);

    public EpilogueNode Apply(Pointwise then)
    {
        var normalized = then.Norm is null ? this : CanAdd ? this with { InnerNorm = then.Norm } : this with { OuterNorm = then.Norm };
        return normalized with { OuterRelu = then.Relu };
    }
}

/// <summary>An operation on every element alike: normalization, then ReLU; either may be absent.</summary>
sealed record Pointwise(LayerReference? Norm, bool Relu)
{
    /// <summary>Nothing: a copy.</summary>
    public static Pointwise None { get; } = new(null, false);

    public bool HasFormOf(Pointwise other) => Norm is null == other.Norm is null && Relu == other.Relu;
}
