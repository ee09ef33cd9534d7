namespace ResNet.Runtime;

/// <summary>The treatment of boxes without an area, with exchanged sides, or outside of their image.</summary>
public enum InvalidBoxes
{
    /// <summary>The first of them is an error that names file and object.</summary>
    Fail,

    /// <summary>
    /// They are left out, and <see cref="DetectionDataset.Warnings"/> gives their number. A box that sticks out of its image by at most one pixel
    /// on each side, as rounding leaves it, is kept and clipped to the image.
    /// </summary>
    Skip,
}
