namespace ResNet.Runtime.Detection.Drawing;

/// <summary>A box to draw.</summary>
/// <param name="Box">Where, in pixels of the picture.</param>
/// <param name="Text">The text of the plate at the box; without it, there is no plate.</param>
/// <param name="Color">Number of the color: the label of the class.</param>
public readonly record struct DrawnBox(Box Box, string? Text, int Color)
{
    /// <summary>Whether the lines are dashed: boxes of the truth among those of a detector.</summary>
    public bool IsDashed { get; init; }
}
