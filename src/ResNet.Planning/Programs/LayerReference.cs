using ResNet.Dsl;

namespace ResNet.Planning.Programs;

/// <summary>
/// A layer of the unrolled network, as a call names it. Within loops it is given as the first iteration of all of them has it;
/// each iteration moves it on by the loop's <see cref="IterationRange.Stride"/>.
/// </summary>
/// <param name="Layer">The layer; never a container.</param>
/// <param name="Index">Its index in <see cref="NetworkDefinition.Layers"/>.</param>
/// <param name="Name">Its full name.</param>
/// <param name="Unit">Scope of the unit that it belongs to: the part of the name that the unit's layers share.</param>
sealed record LayerReference(Layer Layer, int Index, string Name, string Unit)
{
    /// <summary>
    /// Whether it belongs to the iteration, or the layers, that follow; <see cref="Name"/> is then that of its like in this
    /// iteration. Of normalizations alone.
    /// </summary>
    public bool IsNext { get; init; }

    /// <summary>The layer that the last iteration of the innermost loop names; null where the index advances evenly.</summary>
    public LayerReference? AfterLast { get; init; }

    /// <summary>The name within the unit: <c>conv1</c>, <c>downsample.0</c>.</summary>
    public string ShortName => Unit.Length > 0 && Name.Length > Unit.Length ? Name.Substring(Unit.Length + 1) : Name;
}
