using ResNet.Dsl;

namespace ResNet.Generators.Model;

/// <summary>A declared network.</summary>
/// <param name="Place">The class.</param>
/// <param name="Definition">The network, named after the class.</param>
internal sealed record NetworkModel(ClassPlace Place, NetworkDefinition Definition) : ClassModel(Place)
{
    /// <summary>Whether the backward pass computes residual units again rather than have their values saved.</summary>
    public bool Recomputes { get; init; }

    /// <summary>The purpose of the class, if it is a generated part of another one; null if a user has declared it.</summary>
    public string? Role { get; init; }

    /// <summary>The noun for an input.</summary>
    public string Input { get; init; } = "image";
}

/// <summary>A declared detector.</summary>
/// <param name="Place">The class.</param>
/// <param name="Definition">The detector, named after the class.</param>
internal sealed record DetectorModel(ClassPlace Place, DetectorDefinition Definition) : ClassModel(Place);
