namespace ResNet.Dsl;

/// <summary>
/// Base of the attributes that declare one of the papers' architectures on a <c>partial class</c>. Its properties are
/// the architecture's options; the compiler sets them and calls <see cref="Declare"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class ArchitectureAttribute : Attribute
{
    int? _classes, _imageSize, _imageHeight, _imageWidth;

    /// <inheritdoc cref="NetworkAttribute.Recompute"/>
    public bool Recompute { get; set; }

    /// <summary>Length of the output. By default 1000 for the ImageNet networks and 10 for the CIFAR networks.</summary>
    public int Classes { get => _classes ?? UsualClasses; set => _classes = value; }

    /// <summary>Channels of the input image. 3 by default.</summary>
    public int InputChannels { get; set; } = 3;

    /// <summary>
    /// Height and width of a square input image. By default 224 for the ImageNet networks, which take 17 or more, and 32 for
    /// the CIFAR networks, which take 3 or more.
    /// </summary>
    public int ImageSize { get => _imageSize ?? UsualImageSize; set => _imageSize = value; }

    /// <summary>Height of an input image that is not square; set together with <see cref="ImageWidth"/>, instead of <see cref="ImageSize"/>.</summary>
    public int ImageHeight { get => _imageHeight ?? ImageSize; set => _imageHeight = value; }

    /// <summary>Width of an input image that is not square; set together with <see cref="ImageHeight"/>, instead of <see cref="ImageSize"/>.</summary>
    public int ImageWidth { get => _imageWidth ?? ImageSize; set => _imageWidth = value; }

    /// <summary>Writes the architecture with the builder.</summary>
    /// <param name="net">An empty builder.</param>
    /// <exception cref="NetworkException">The options make no network; <see cref="NetworkException.Argument"/> names the property.</exception>
    public abstract void Declare(NetworkBuilder net);

    /// <summary>The architecture as a layer tree.</summary>
    /// <param name="name">Name of the network, for people.</param>
    /// <exception cref="NetworkException">The options make no network; <see cref="NetworkException.Argument"/> names the property.</exception>
    public NetworkDefinition Define(string name)
    {
        var net = new NetworkBuilder();
        Declare(net);
        return net.Build(name);
    }

    /// <summary>The default of <see cref="Classes"/>.</summary>
    private protected abstract int UsualClasses { get; }

    /// <summary>The default of <see cref="ImageSize"/>.</summary>
    private protected abstract int UsualImageSize { get; }

    /// <summary>The input image's sides and the options that give them.</summary>
    /// <exception cref="NetworkException">The options exclude each other, or one side is missing.</exception>
    private protected ImageSides GetImageSides()
    {
        OptionChecks.CheckImageOptions(_imageSize, _imageHeight, _imageWidth);
        return _imageHeight is null
            ? new(ImageSize, ImageSize, nameof(ImageSize), nameof(ImageSize))
            : new(ImageHeight, ImageWidth, nameof(ImageHeight), nameof(ImageWidth));
    }
}
