namespace ResNet.Runtime.Vision;

/// <summary>A view that is cut out of its picture, but not normalized yet.</summary>
/// <param name="Pixels">An image of the size of the network's input.</param>
/// <param name="Normalization">The preprocessing of that size.</param>
/// <param name="IsMirrored">Whether left and right are exchanged.</param>
readonly record struct CutView(Image Pixels, Preprocessing Normalization, bool IsMirrored)
{
    /// <summary>Number of values that <see cref="Normalize"/> writes.</summary>
    public int Length => Normalization.Channels * Pixels.Height * Pixels.Width;

    /// <summary>Writes the network's input.</summary>
    /// <param name="to">channels × height × width values.</param>
    public void Normalize(Span<float> to) => Normalization.Normalize(Pixels, 0, 0, IsMirrored, [0, 0, 0], to);
}
