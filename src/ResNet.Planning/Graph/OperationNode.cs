using ResNet.Planning.Programs;

namespace ResNet.Planning.Graph;

/// <summary>A call of the forward pass.</summary>
sealed class OperationNode(string stage, ForwardOperation kind, LayerReference? site, ValueNode? from, string unit) : CallNode(stage, unit)
{
    public ForwardOperation Kind { get; } = kind;

    /// <summary>The layer, of operations that are one.</summary>
    public LayerReference? Site { get; } = site;

    public ValueNode? From { get; } = from;

    /// <summary>The factor of <see cref="From"/>; null except for products.</summary>
    public ValueNode? Factor { get; init; }

    /// <summary>Number of the output, of operations that are one's.</summary>
    public int? Output { get; init; }

    /// <summary>The final result; null for operations without a result.</summary>
    public ValueNode? Result { get; set; }

    public EpilogueNode Epilogue { get; set; } = EpilogueNode.None;

    /// <summary>The zero-padded shortcut that the epilogue adds, if it does.</summary>
    public LayerReference? Pad { get; set; }

    /// <summary>The residual unit that it is computed again with when the backward pass needs its result; null if that is saved.</summary>
    public int? RecomputedUnit { get; set; }

    /// <summary>Whether it computes again what the forward pass has computed.</summary>
    public bool IsRecomputation { get; init; }

    public override bool IsBackward => IsRecomputation;

    bool HasEpilogue => Kind is ForwardOperation.Conv or ForwardOperation.Apply;

    public bool CanAdd => HasEpilogue && Epilogue.CanAdd;

    /// <summary>
    /// Takes a pointwise function of the result into the epilogue if that is exact. The result stays available, in a second
    /// slot, if it is kept.
    /// </summary>
    /// <returns>The function's value; null if it does not fit.</returns>
    public ValueNode? TryApply(ValueNode value, Pointwise then)
    {
        if (!HasEpilogue || value != Result) return null;
        if (!value.IsKept)
        {
            if (!Epilogue.CanApply(then)) return null;
            Epilogue = Epilogue.Apply(then);
            return value;
        }
        if (!Epilogue.CanStore) return null;
        Epilogue = Epilogue.Store(value).Apply(then);
        return Result = new(value.Shape, this);
    }
}
