using ResNet.Dsl;

namespace ResNet.Generators.Planning;

/// <summary>A layer of the unrolled network; of a loop's body, as its first iteration has it.</summary>
/// <param name="Layer">The layer; never a container.</param>
/// <param name="Index">Its index in <see cref="NetworkDefinition.Layers"/>.</param>
/// <param name="Name">Its full name.</param>
/// <param name="Unit">Scope of the unit that it belongs to: the part of the name that the unit's layers share.</param>
sealed record LayerSite(Layer Layer, int Index, string Name, string Unit)
{
    /// <summary>The name within the unit: <c>conv1</c>, <c>downsample.0</c>.</summary>
    public string ShortName => Unit.Length > 0 && Name.Length > Unit.Length ? Name.Substring(Unit.Length + 1) : Name;
}

/// <summary>
/// A batch normalization as an epilogue names it. An iteration that prepares the next one names the next one's layer, and
/// the last iteration whatever stands <paramref name="BehindLast"/> the loop, if that does not continue the sequence.
/// </summary>
/// <param name="Site">The layer, in a loop's first iteration.</param>
/// <param name="IsNext">Whether it belongs to the iteration, or the layers, that follow.</param>
/// <param name="BehindLast">The layer that the loop's last iteration names; null where the index goes on evenly.</param>
sealed record NormReference(LayerSite Site, bool IsNext = false, LayerSite? BehindLast = null);

/// <summary>What happens to every element alike: normalization, then ReLU; either may be absent.</summary>
sealed record Pointwise(NormReference? Norm, bool Relu)
{
    /// <summary>Nothing: a copy.</summary>
    public static Pointwise None { get; } = new(null, false);

    public bool HasFormOf(Pointwise other) => Norm is null == other.Norm is null && Relu == other.Relu;
}
