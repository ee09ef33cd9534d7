using ResNet.Runtime.Data;
using ResNet.Runtime.Detection.Data.Shapes;
using ResNet.Runtime.Tensors;

namespace ResNet.Runtime;

/// <summary>
/// Drawn pictures to train a detector on where there is no data: one to four of six shapes, rotated, of random color and size, over a shaded, noisy
/// ground with lines. A box encloses the pixels that its shape covers by more than half. Each picture is a function of seed, split and index, to the bit
/// on every machine.
/// </summary>
public sealed class ShapesDetection : DetectionDataset
{
    const int SmallestSide = 64, LargestSide = 4096, UsualMost = 4;

    readonly CounterRandom _keys;
    readonly DatasetSplit _split;
    readonly int _side;

    /// <summary>Declares the pictures; each is drawn when it is asked for.</summary>
    /// <param name="count">Number of pictures.</param>
    /// <param name="split">Test and training pictures have nothing in common.</param>
    /// <param name="seed">Other seeds give other pictures.</param>
    /// <param name="side">Rows and columns, from 64 to 4096. Shapes grow with it: their radius is 8 to 28 pixels of 128.</param>
    /// <exception cref="ArgumentException">The count is not positive, the split no part, or the side out of range.</exception>
    public ShapesDetection(int count, DatasetSplit split = DatasetSplit.Train, ulong seed = 0, int side = 128)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfLessThan(side, SmallestSide);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(side, LargestSide);
        (Count, _split, _side, _keys) = (count, split.Checked(), side, new(seed, $"{nameof(ShapesDetection)} {split}"));
    }

    /// <summary>The most shapes of a picture, from 1 to 4; 1 for localization.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public int MostShapes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, UsualMost);
            field = value;
        }
    } = UsualMost;

    /// <summary>Names of the classes, by index.</summary>
    public static IReadOnlyList<string> Names { get; } = PlacedShape.Names.AsReadOnly();

    /// <inheritdoc/>
    public override string Description => $"{nameof(ShapesDetection)}, {Count} drawn {(_split == DatasetSplit.Train ? "training" : "test")} images{(MostShapes == 1 ? " of one shape" : MostShapes < UsualMost ? $" of up to {MostShapes} shapes" : "")}";

    /// <inheritdoc/>
    public override int Count { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Classes => Names;

    /// <inheritdoc/>
    public override string NameOf(int index) => $"{nameof(ShapesDetection)} {_split}#{Checked(index)}";

    /// <inheritdoc/>
    public override IReadOnlyList<ObjectAnnotation> Objects(int index) => Scene(index).Objects;

    /// <inheritdoc/>
    public override Image Load(int index) => Scene(index).Draw();

    ShapeScene Scene(int index) => new(_keys[Checked(index)], _side, MostShapes);
}
