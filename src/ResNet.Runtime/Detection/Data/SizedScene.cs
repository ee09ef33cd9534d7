namespace ResNet.Runtime.Detection.Data;

/// <summary>A picture as a detector sees it, with its objects: resized and perhaps mirrored.</summary>
/// <param name="Image">The resized picture.</param>
/// <param name="Original">Columns and rows of the picture before.</param>
/// <param name="IsMirrored">Whether left and right are exchanged.</param>
/// <param name="Objects">The objects, in pixels of <paramref name="Image"/>.</param>
sealed record SizedScene(Image Image, (int Width, int Height) Original, bool IsMirrored, IReadOnlyList<ObjectAnnotation> Objects)
{
    /// <summary>Columns of <see cref="Image"/> per column of the picture before. As sizes are whole numbers, it is not quite <see cref="ScaleY"/>.</summary>
    public double ScaleX => (double)Image.Width / Original.Width;

    /// <summary>Rows of <see cref="Image"/> per row of the picture before.</summary>
    public double ScaleY => (double)Image.Height / Original.Height;

    /// <summary>Resizes a picture and its objects.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="objects">Its objects; empty where they are unknown.</param>
    /// <param name="size">The size it gets.</param>
    /// <param name="isMirrored">Whether left and right are exchanged.</param>
    public static SizedScene Of(Image picture, IReadOnlyList<ObjectAnnotation> objects, DetectionSize size, bool isMirrored = false)
    {
        var (width, height) = size.SizeOf(picture.Width, picture.Height);
        var resized = (width, height) == (picture.Width, picture.Height) ? picture : picture.Resize(width, height);
        var scene = new SizedScene(isMirrored ? resized.FlipHorizontal() : resized, (picture.Width, picture.Height), isMirrored, []);
        return scene with { Objects = [.. objects.Select(scene.Place)] };
    }

    /// <summary>Returns the box in pixels of the picture before.</summary>
    /// <param name="box">A box in pixels of <see cref="Image"/>.</param>
    public Box ToOriginal(Box box) => (IsMirrored ? box.Flip(Image.Width) : box).Scale(1 / ScaleX, 1 / ScaleY);

    ObjectAnnotation Place(ObjectAnnotation item)
    {
        var box = item.Box.Scale(ScaleX, ScaleY);
        return item with { Box = IsMirrored ? box.Flip(Image.Width) : box, OutlineArea = item.OutlineArea * ScaleX * ScaleY };
    }
}
