namespace ResNet.Runtime;

/// <summary>The losses of a <see cref="TrainingSession"/> and the options of its steps.</summary>
public sealed record TrainingSessionOptions
{
    /// <summary>
    /// Losses by the name of their output. An output that is not named has no loss, and nothing is learned from it. If none is named,
    /// it is <see cref="SoftmaxCrossEntropy"/> at the primary output, which must be a vector.
    /// </summary>
    public IDictionary<string, Loss> Losses { get; init; } = new Dictionary<string, Loss>();

    /// <summary>
    /// Names of the outputs by whose values the gradient of the total loss is kept, for <see cref="TrainingSession.GradientOf"/>. An output
    /// needs no loss of its own for that: this is how gradients inside of a network are had.
    /// </summary>
    public ICollection<string> GradientsOf { get; init; } = [];

    /// <summary>
    /// Whether targets follow from outputs, as those of object detection do, and pseudo labels: each step is then given a function from the
    /// values of all outputs to the targets (<see cref="TrainingSession.Run(ReadOnlySpan{float}, Func{IReadOnlyDictionary{string, Tensor}, IReadOnlyDictionary{string, LossTarget}})"/>).
    /// </summary>
    public bool TargetsFollowOutputs { get; init; }

    /// <summary>Names of the outputs whose values and gradients a device may keep in its memory until they are read.</summary>
    internal IReadOnlyCollection<string> Staying { get; init; } = [];

    /// <summary>Seed of dropout; the same seed drops the same values everywhere.</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// Name of the layer or scope up to and including the last layer of which no gradients are computed: theirs stay zero, and the
    /// backward pass ends there. Null freezes nothing.
    /// </summary>
    public string? FreezeThrough { get; init; }

    /// <summary>
    /// Name of the layer or scope up to and including the last layer of which batch normalization uses the running statistics and does
    /// not move them, as <see cref="Dsl.NetworkDefinition.WithFrozenNormalization"/> says; null freezes nothing.
    /// </summary>
    public string? FreezeStatisticsThrough { get; init; }
}
