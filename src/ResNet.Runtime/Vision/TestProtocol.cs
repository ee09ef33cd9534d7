using System.Globalization;

namespace ResNet.Runtime;

/// <summary>
/// How a picture is tested: the views of it that a network is shown, and how the scores of them are averaged. Views may be given by
/// their places, of any number; the common protocols have names.
/// </summary>
public sealed record TestProtocol
{
    // The scales of He et al. 2015, section 3.4.
    static readonly int[] _scales = [224, 256, 384, 480, 640];

    /// <summary>Declares a protocol.</summary>
    /// <param name="name">Its name, for people and reports.</param>
    /// <param name="views">The views, which are copied; each counts the same.</param>
    /// <exception cref="ArgumentException">There are no views, or one is null.</exception>
    public TestProtocol(string name, params IEnumerable<View> views)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(views);
        (Name, Views) = (name, Array.AsReadOnly(views.ToArray()));
        if (Views.Count == 0 || Views.Contains(null!)) throw new ArgumentException($"Protocol {name} has {Views.Count} views; expected one at least, and none null", nameof(views));
    }

    /// <inheritdoc cref="TestProtocol(string, IEnumerable{View})"/>
    // C# before 13 and other languages list arguments for arrays alone.
    public TestProtocol(string name, params View[] views) : this(name, (IEnumerable<View>)views)
    {
    }

    /// <summary>One crop from the center: what <see cref="Preprocessing"/> says, and nothing else.</summary>
    public static TestProtocol CenterCrop { get; } = new("center-crop", new CropView(0.5, 0.5));

    /// <summary>The crop from the center, and its mirror image.</summary>
    public static TestProtocol Flip { get; } = new("flip", WithMirrored([new CropView(0.5, 0.5)]));

    /// <summary>
    /// The four corners, the center, and their mirror images (Krizhevsky et al. 2012, section 4.1; the "standard 10-crop testing" of He
    /// et al. 2015, section 3.4), as by torchvision's <c>TenCrop</c>.
    /// </summary>
    public static TestProtocol TenCrop { get; } = Corners("10-crop", resize: null);

    /// <summary>
    /// The whole picture and its mirror image with shorter sides of 224, 256, 384, 480 and 640 pixels (He et al. 2015, section 3.4). The
    /// network has to take images of any size.
    /// </summary>
    public static TestProtocol MultiScale { get; } = Scales("multi-scale", _scales);

    /// <summary>The name, as <c>10-crop</c>.</summary>
    public string Name { get; }

    /// <summary>The views, one at least.</summary>
    public IReadOnlyList<View> Views { get; }

    /// <summary>The scores that are averaged; logits by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is none of the two.</exception>
    public ScoreAverage Average
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(Average), value, "Logits or probabilities are averaged");
    }

    /// <summary><see cref="TenCrop"/> of pictures that are resized to another shorter side than the network's preprocessing says.</summary>
    /// <param name="resize">The shorter side, in pixels.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public static TestProtocol TenCropOf(int resize) => Corners(string.Create(CultureInfo.InvariantCulture, $"10-crop:{resize}"), resize);

    /// <summary><see cref="MultiScale"/> at other scales.</summary>
    /// <param name="shorterSides">The shorter sides, in pixels.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    /// <exception cref="ArgumentOutOfRangeException">One is not from 1 to <see cref="WholeView.MaxSide"/>.</exception>
    public static TestProtocol MultiScaleOf(params IReadOnlyList<int> shorterSides)
    {
        ArgumentNullException.ThrowIfNull(shorterSides);
        return Scales($"multi-scale:{string.Join(',', shorterSides.Select(side => side.ToString(CultureInfo.InvariantCulture)))}", shorterSides);
    }

    /// <inheritdoc cref="MultiScaleOf(IReadOnlyList{int})"/>
    // C# before 13 and other languages list arguments for arrays alone.
    public static TestProtocol MultiScaleOf(params int[] shorterSides) => MultiScaleOf((IReadOnlyList<int>)shorterSides);

    /// <summary>Name and average: <c>10-crop, mean of logits</c>.</summary>
    public override string ToString() => $"{Name}, mean of {(Average == ScoreAverage.Logits ? "logits" : "probabilities")}";

    /// <summary>Whether name, views and average are the same.</summary>
    /// <param name="other">The other protocol.</param>
    public bool Equals(TestProtocol? other) => other is not null && (Name, Average) == (other.Name, other.Average) && Views.SequenceEqual(other.Views);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Average, Views.Count);

    static TestProtocol Corners(string name, int? resize)
    {
        (double X, double Y)[] places = [(0, 0), (1, 0), (0, 1), (1, 1), (0.5, 0.5)];
        return new(name, [.. Crops(isMirrored: false), .. Crops(isMirrored: true)]);

        IEnumerable<View> Crops(bool isMirrored) =>
            places.Select(place => new CropView(place.X, place.Y) { IsMirrored = isMirrored, CountsFromRight = isMirrored, Resize = resize });
    }

    static TestProtocol Scales(string name, IReadOnlyList<int> shorterSides) =>
        new(name, WithMirrored([.. shorterSides.Select(side => new WholeView(side))]));

    static IEnumerable<View> WithMirrored(View[] views) => [.. views, .. views.Select(view => view with { IsMirrored = true })];
}
