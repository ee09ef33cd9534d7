namespace ResNet.Dsl;

/// <summary>
/// The ImageNet networks of Simonyan and Zisserman 2015, "Very Deep Convolutional Networks for Large-Scale Image Recognition",
/// Table 1 (A, B, D and E), with torchvision's parameter names. Taps: <c>pool1</c> to <c>pool5</c>, <c>fc6</c>, <c>fc7</c>.
/// </summary>
public sealed class VggAttribute : ArchitectureAttribute
{
    /// <summary>Rows of the image per row of the last feature maps: five poolings halve them.</summary>
    const int Reduction = 32;

    /// <summary>Rows and columns of the feature maps that the published classifiers read, those of 224×224 images.</summary>
    const int ClassifierSize = 7;

    /// <summary>Length of the two vectors before the logits.</summary>
    const int ClassifierUnits = 4096;

    bool? _fullyConvolutional;

    /// <summary>Weighted layers: 11, 13, 16 or 19.</summary>
    public int Depth { get; set; }

    /// <summary>Whether batch normalization follows each convolution, which keeps its bias, as in torchvision's <c>vgg16_bn</c>.</summary>
    public bool BatchNorm { get; set; }

    /// <summary>Probability with which training sets each value of <c>fc6</c> and <c>fc7</c> to zero. 0.5 by default.</summary>
    public double Dropout { get; set; } = 0.5;

    /// <summary>
    /// Whether the classifier's layers are convolutions, 7×7 and 1×1, whose scores are averaged over their positions (section 3.2 of
    /// the paper; He et al. 2015, section 3.4). The weights are those of the dense layers, and load from the same files; with images
    /// of 224×224 the logits are the same, too. True by default where the dense layers of the published weights do not fit because
    /// the image is larger: where both sides are 224 or more, and one is 256 or more.
    /// </summary>
    public bool FullyConvolutional
    {
        get => _fullyConvolutional ?? (Math.Min(Rows, Columns) >= ClassifierSize && Math.Max(Rows, Columns) > ClassifierSize);
        set => _fullyConvolutional = value;
    }

    /// <summary>Rows of the last feature maps.</summary>
    int Rows => ImageHeight / Reduction;

    /// <summary>Columns of the last feature maps.</summary>
    int Columns => ImageWidth / Reduction;

    private protected override int UsualClasses => 1000;

    private protected override int UsualImageSize => Reduction * ClassifierSize;

    /// <inheritdoc/>
    public override void Declare(NetworkBuilder net)
    {
        var counts = CountsOf(Depth);
        if (Recompute)
            throw OptionChecks.Contradiction(nameof(Recompute), "A VGG network has no residual units to compute again; leave out Recompute");
        Limits.Check(Dropout is >= 0 and < 1, Dropout, nameof(Dropout), "at least 0 and below 1");
        var image = GetImageSides();
        OptionChecks.CheckSizes(Classes, image, InputChannels, strides: []);
        CheckLeast(image, image.Height, image.HeightOption);
        CheckLeast(image, image.Width, image.WidthOption);

        OptionChecks.AsImageSize(image, () =>
        {
            AddFeatures(net.Input(InputChannels, image.Height, image.Width), counts, lastPooling: true);
            if (FullyConvolutional) AddConvolutionalClassifier(net);
            else AddDenseClassifier(net);
        });
    }

    /// <summary>Declares the input and all convolutions: the part that a detector shares among regions, of stride 16.</summary>
    internal void DeclareFeatures(NetworkBuilder net) =>
        AddFeatures(net.Input(InputChannels, ImageHeight, ImageWidth), CountsOf(Depth), lastPooling: false);

    /// <summary>Declares the classifier up to its last vector, as a detector classifies regions.</summary>
    internal void DeclareVector(NetworkBuilder net) => AddVector(net);

    static int[] CountsOf(int depth) => depth switch
    {
        11 => [1, 1, 2, 2, 2],
        13 => [2, 2, 2, 2, 2],
        16 => [2, 2, 3, 3, 3],
        19 => [2, 2, 4, 4, 4],
        _ => throw new NetworkException(ErrorIds.UnknownDepth, $"There is no VGG-{depth}; Depth is one of 11, 13, 16, 19", nameof(Depth)) { Remedies = Remedy.Nearest(nameof(Depth), depth, 11, 13, 16, 19) },
    };

    /// <summary>Adds five stages of 3×3 convolutions, each of which ends in a pooling.</summary>
    /// <param name="net">The network so far.</param>
    /// <param name="counts">Convolutions of each stage.</param>
    /// <param name="lastPooling">Whether the last stage does so, too.</param>
    void AddFeatures(NetworkBuilder net, int[] counts, bool lastPooling)
    {
        // torchvision numbers activations and poolings, too.
        var number = 0;
        for (var stage = 0; stage < counts.Length; stage++)
        {
            for (var i = 0; i < counts[stage]; i++)
            {
                net.Conv(Math.Min(64 << stage, 512), kernel: 3, padding: 1, bias: true, name: $"features.{number++}");
                if (BatchNorm) net.BatchNorm(name: $"features.{number++}");
                net.Relu();
                number++;
            }
            if (stage < counts.Length - 1 || lastPooling) net.MaxPool(2).Tap($"pool{stage + 1}");
            number++;
        }
    }

    void AddDenseClassifier(NetworkBuilder net) => AddVector(net).Dense(Classes, name: "classifier.6");

    NetworkBuilder AddVector(NetworkBuilder net) => net
        .Flatten()
        .Dense(ClassifierUnits, name: "classifier.0").Relu().Tap("fc6").Dropout(Dropout)
        .Dense(ClassifierUnits, name: "classifier.3").Relu().Tap("fc7").Dropout(Dropout);

    void AddConvolutionalClassifier(NetworkBuilder net) => net
        .Conv(ClassifierUnits, kernel: ClassifierSize, bias: true, name: "classifier.0").Relu().Tap("fc6").Dropout(Dropout)
        .Conv(ClassifierUnits, kernel: 1, bias: true, name: "classifier.3").Relu().Tap("fc7").Dropout(Dropout)
        .Conv(Classes, kernel: 1, bias: true, name: "classifier.6")
        .GlobalAveragePool();

    /// <summary>Checks that a side leaves the classifier something to read.</summary>
    void CheckLeast(ImageSides image, int side, string option)
    {
        var least = FullyConvolutional ? Reduction * ClassifierSize : Reduction;
        if (side >= least) return;
        var features = $"An image of {image} leaves feature maps of {Rows}×{Columns}";
        throw FullyConvolutional
            ? new NetworkException(ErrorIds.KernelTooLarge, $"{features}, into which the classifier's 7×7 convolution does not fit; {option} is at least {least}, or leave out FullyConvolutional", option)
            {
                Remedies = new([Remedy.Number(option, least), Remedy.LeaveOut(nameof(FullyConvolutional))]),
            }
            : new NetworkException(ErrorIds.ShrinksBelowOne, $"{features}; {option} is at least {least}", option) { Remedies = new([Remedy.Number(option, least)]) };
    }
}
