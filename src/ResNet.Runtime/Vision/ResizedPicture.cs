namespace ResNet.Runtime.Vision;

/// <summary>A picture and the sizes of it that its views have asked for, each resized once.</summary>
sealed class ResizedPicture(Image picture)
{
    readonly Dictionary<(int Width, int Height), Image> _sizes = [];

    public int Width => picture.Width;

    public int Height => picture.Height;

    /// <inheritdoc cref="Image.ResizeToCover"/>
    public Image Cover(int width, int height)
    {
        if (!_sizes.TryGetValue((width, height), out var resized)) _sizes.Add((width, height), resized = picture.ResizeToCover(width, height));
        return resized;
    }
}
