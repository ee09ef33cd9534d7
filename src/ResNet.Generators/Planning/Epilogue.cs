namespace ResNet.Generators.Planning;

/// <summary>
/// What an operation does to its result before storing it, in the order that the runtime's type of this name allows:
/// norm, ReLU, addition, store, norm, ReLU.
/// </summary>
sealed record Epilogue
{
    public static Epilogue None { get; } = new();

    public NormReference? InnerNorm { get; private init; }

    public bool InnerRelu { get; private init; }

    public Value? Addend { get; private init; }

    public bool PadsAddend { get; private init; }

    /// <summary>The value as it is behind the addition, where both it and the final result are wanted.</summary>
    public Value? Stored { get; private init; }

    public NormReference? OuterNorm { get; private init; }

    public bool OuterRelu { get; private init; }

    public bool CanAdd => Addend is null && Stored is null;

    public bool CanStore => Stored is null && OuterNorm is null && !(Addend is not null && OuterRelu);

    /// <summary>The normalization and ReLU that this is, if it is nothing else.</summary>
    public Pointwise? AsPointwise => CanAdd ? new(InnerNorm, OuterRelu) : null;

    public Epilogue Add(Value addend, bool pads) =>
        this with { InnerRelu = OuterRelu, OuterRelu = false, Addend = addend, PadsAddend = pads };

    /// <summary>The same with another value in the addend's place.</summary>
    public Epilogue WithAddend(Value addend) => this with { Addend = addend };

    public Epilogue Store(Value value) => Addend is not null
        ? this with { Stored = value }
        : this with { InnerRelu = OuterRelu, OuterRelu = false, Stored = value };

    public bool CanApply(Pointwise then) => !OuterRelu && (then.Norm is null || (CanAdd ? InnerNorm : OuterNorm) is null);

    public Epilogue Apply(Pointwise then)
    {
        var normalized = then.Norm is null ? this : CanAdd ? this with { InnerNorm = then.Norm } : this with { OuterNorm = then.Norm };
        return normalized with { OuterRelu = then.Relu };
    }
}
