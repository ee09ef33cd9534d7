namespace ResNet.Runtime.Detection.Boxes;

/// <summary>
/// The boxes that a region proposal network scores and corrects: the same few around each location of the feature maps (Ren et al. 2015, section 3.1.1).
/// </summary>
sealed class AnchorGrid
{
    readonly Box[] _cell;

    AnchorGrid(Box[] cell, double stride)
    {
        Positive([stride], nameof(stride));
        (_cell, Stride) = (cell, stride);
    }

    /// <summary>The anchors of the first location: ratio by ratio, in each size by size.</summary>
    public IReadOnlyList<Box> Cell => _cell;

    /// <summary>Pixels from a location to the next.</summary>
    public double Stride { get; }

    /// <summary>
    /// Anchors as torchvision's: of area size², around the corner of each location's first pixel, their sides rounded to whole pixels (halves to even).
    /// </summary>
    /// <param name="sizes">Sides of the squares, in pixels.</param>
    /// <param name="ratios">Heights divided by widths.</param>
    /// <param name="stride">Pixels from a location to the next.</param>
    /// <exception cref="ArgumentException">There is no size or ratio, or one that is not positive.</exception>
    public static AnchorGrid Centered(IReadOnlyList<double> sizes, IReadOnlyList<double> ratios, double stride)
    {
        Positive(sizes, nameof(sizes));
        Positive(ratios, nameof(ratios));
        return new([.. from ratio in ratios from size in sizes select Around(size, ratio)], stride);

        // In single precision, whose roundings decide which whole number is nearest.
        static Box Around(double size, double ratio)
        {
            var tall = MathF.Sqrt((float)ratio);
            var (x, y) = (MathF.Round(1 / tall * (float)size / 2), MathF.Round(tall * (float)size / 2));
            return new(-x, -y, x, y);
        }
    }

    /// <summary>
    /// Anchors as the paper's: multiples of a base's sides that were rounded for each ratio, around the middle of the base. Corners are
    /// inclusive (<see cref="BoxCoder.Inclusive"/>): a width is X2 − X1 + 1.
    /// </summary>
    /// <param name="scales">Multiples of the base: 8, 16 and 32; for COCO 4, too.</param>
    /// <param name="ratios">Heights divided by widths.</param>
    /// <param name="stride">Pixels from a location to the next.</param>
    /// <param name="side">Side of the base, in pixels.</param>
    /// <exception cref="ArgumentException">There is no scale or ratio, or one that is not positive.</exception>
    public static AnchorGrid Paper(IReadOnlyList<double> scales, IReadOnlyList<double> ratios, double stride, double side = 16)
    {
        Positive(scales, nameof(scales));
        Positive(ratios, nameof(ratios));
        Positive([side], nameof(side));
        return new([.. from ratio in ratios from scale in scales select Around(scale, ratio)], stride);

        Box Around(double scale, double ratio)
        {
            var middle = (side - 1) / 2;
            var width = Math.Round(Math.Sqrt(side * side / ratio));
            var (x, y) = ((width * scale - 1) / 2, (Math.Round(width * ratio) * scale - 1) / 2);
            return new(middle - x, middle - y, middle + x, middle + y);
        }
    }

    /// <summary>The numbering of the anchors over feature maps.</summary>
    /// <param name="rows">Rows of the feature maps.</param>
    /// <param name="columns">Columns of the feature maps.</param>
    public AnchorLayout Layout(int rows, int columns) => new(_cell.Length, rows, columns);

    /// <summary>Returns the anchors of all locations, in the order of <see cref="AnchorLayout"/>; some reach beyond the image.</summary>
    /// <param name="rows">Rows of the feature maps.</param>
    /// <param name="columns">Columns of the feature maps.</param>
    public Box[] Over(int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        var boxes = new Box[checked(rows * columns * _cell.Length)];
        var next = 0;
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++)
            {
                var (x, y) = (column * Stride, row * Stride);
                foreach (var box in _cell) boxes[next++] = new(box.X1 + x, box.Y1 + y, box.X2 + x, box.Y2 + y);
            }
        return boxes;
    }

    static void Positive(IReadOnlyList<double> values, string name)
    {
        if (values.Count == 0) throw new ArgumentException("There is none.", name);
        foreach (var value in values)
            if (!(value > 0 && double.IsFinite(value))) throw new ArgumentOutOfRangeException(name, value, "It must be positive and finite.");
    }
}
