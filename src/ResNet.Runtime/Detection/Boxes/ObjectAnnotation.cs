namespace ResNet.Runtime;

/// <summary>An object that is known to be in an image.</summary>
/// <param name="Label">Index of its class, counted from 0.</param>
/// <param name="Box">The place, in pixels of the image.</param>
public readonly record struct ObjectAnnotation(int Label, Box Box)
{
    /// <summary>Whether it is hard to see: training passes it over, and evaluation counts neither its detection nor its absence (PASCAL VOC).</summary>
    public bool Difficult { get; init; }

    /// <summary>Whether the box encloses many objects that cannot be separated (COCO's <c>iscrowd</c>): training passes it over, and any number of detections may lie in it.</summary>
    public bool Crowd { get; init; }

    /// <summary>Square pixels within the object's outline, by which COCO calls it small, medium or large; null where the outline is unknown and the box counts.</summary>
    public double? OutlineArea { get; init; }
}
