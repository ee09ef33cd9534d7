using ResNet.Dsl;

namespace ResNet.Generators.Planning;

/// <summary>The forward operations of the runtime's passes, by name.</summary>
enum OperationKind
{
    Input,
    Conv,
    Dense,
    MaxPool,
    AveragePool,
    GlobalAveragePool,
    Apply,
    ZeroPad,
    Tap,
    Output,

    // Of training alone.
    Norm,
    Transform,
    Loss,
}

/// <summary>A statement of the compiled program.</summary>
/// <param name="stage">Name of the part of the network that it belongs to.</param>
abstract class Step(string stage)
{
    public string Stage { get; } = stage;

    /// <summary>Whether it belongs to a backward pass.</summary>
    public virtual bool IsBackward => false;
}

/// <summary>One call of the runtime.</summary>
/// <param name="stage">Name of the part of the network that it belongs to.</param>
/// <param name="unit">Scope of the unit that it belongs to.</param>
abstract class Call(string stage, string unit) : Step(stage)
{
    public string Unit { get; } = unit;
}

/// <summary>A call of the forward pass.</summary>
sealed class Operation(string stage, OperationKind kind, LayerSite? site, Value? from, string unit) : Call(stage, unit)
{
    public OperationKind Kind { get; } = kind;

    /// <summary>The layer, of operations that are one.</summary>
    public LayerSite? Site { get; } = site;

    public Value? From { get; } = from;

    /// <summary>What is left at the end; null for operations without a result.</summary>
    public Value? Result { get; set; }

    public Epilogue Epilogue { get; set; } = Epilogue.None;

    /// <summary>The zero-padded shortcut that the epilogue adds, if it does.</summary>
    public LayerSite? Pad { get; set; }

    /// <summary>The residual unit that it is computed again with when the backward pass needs its result; null if that is saved.</summary>
    public int? RecomputedUnit { get; set; }

    /// <summary>Whether it computes again what the forward pass has computed.</summary>
    public bool IsRecomputation { get; init; }

    public override bool IsBackward => IsRecomputation;

    bool HasEpilogue => Kind is OperationKind.Conv or OperationKind.Apply;

    public bool CanAdd => HasEpilogue && Epilogue.CanAdd;

    /// <summary>
    /// Takes a pointwise function of the result into the epilogue if that is exact. The result stays available, in a second
    /// slot, if it is kept.
    /// </summary>
    /// <returns>The function's value; null if it does not fit.</returns>
    public Value? TryApply(Value value, Pointwise then)
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

/// <summary>Steps that are executed several times, for the layers of one iteration after another.</summary>
sealed class Loop(string stage, IterationRange range, List<Step> body) : Step(stage)
{
    public IterationRange Range { get; } = range;

    public List<Step> Body { get; } = body;

    /// <summary>The values that an iteration hands to the next.</summary>
    public List<Carried> Carried { get; } = [];

    /// <summary>The loop of the forward pass that this one goes back through, in a backward pass.</summary>
    public Loop? Reverses { get; init; }

    public override bool IsBackward => Reverses is not null;
}

/// <summary>The layers that a loop goes through.</summary>
/// <param name="Repeat">What it was made from.</param>
/// <param name="Start">Index of the first iteration's first layer.</param>
/// <param name="Stride">Number of layers in an iteration.</param>
/// <param name="Count">Number of iterations; at least 2.</param>
/// <param name="UnitsAtOnce">Number of units in an iteration.</param>
/// <param name="FirstUnit">Name of the first unit.</param>
/// <param name="LastUnit">Name of the last unit.</param>
sealed record IterationRange(Repeat Repeat, int Start, int Stride, int Count, int UnitsAtOnce, string FirstUnit, string LastUnit)
{
    /// <summary>What the layer index stays below.</summary>
    public int End => Start + Stride * Count;
}

/// <summary>
/// A value that a loop's iterations hand on. All four share one slot; unless they are saved, when each iteration has its own.
/// </summary>
/// <param name="Initial">The value before the loop.</param>
/// <param name="Parameter">The value as an iteration finds it.</param>
/// <param name="Next">The value as an iteration leaves it.</param>
/// <param name="Final">The value behind the loop.</param>
sealed record Carried(Value Initial, Value Parameter, Value Next, Value Final);
