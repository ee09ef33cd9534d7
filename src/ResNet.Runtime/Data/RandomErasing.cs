using System.Globalization;
using ResNet.Dsl;
using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Data;

/// <summary>Random erasing (Zhong et al. 2017) as torchvision's <c>RandomErasing</c>: a rectangle of the normalized image becomes 0, the mean.</summary>
public sealed record RandomErasing
{
    /// <summary>The number of draws of a rectangle that does not lie within the image, before the image stays as it is.</summary>
    const int Tries = 10;

    /// <summary>Probability that an image loses a rectangle.</summary>
    /// <exception cref="ArgumentException">It is not in 0 to 1.</exception>
    public double Probability
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw new ArgumentException($"{nameof(Probability)} is {value}; expected 0 to 1", nameof(Probability));
    } = 0.5;

    /// <summary>The least and the greatest part of the image's area; uniform between.</summary>
    /// <exception cref="ArgumentException">They are not parts of 1, the least first.</exception>
    public (double Min, double Max) Area
    {
        get;
        init => field = value is { Min: >= 0, Max: <= 1 } && value.Min <= value.Max ? value
            : throw new ArgumentException($"{nameof(Area)} is {value}; expected parts of 1, the least first", nameof(Area));
    } = (0.02, 0.33);

    /// <summary>The least and the greatest ratio of the rectangle's height to its width; its logarithm is uniform between.</summary>
    /// <exception cref="ArgumentException">They are not positive and finite, the least first.</exception>
    public (double Min, double Max) Aspect
    {
        get;
        init => field = value is { Min: > 0, Max: < double.PositiveInfinity } && value.Min <= value.Max ? value
            : throw new ArgumentException($"{nameof(Aspect)} is {value}; expected positive ratios, the least first", nameof(Aspect));
    } = (0.3, 3.3);

    /// <summary>Names all values, in the same words in every culture.</summary>
    internal string Identity => string.Create(CultureInfo.InvariantCulture,
        $"{nameof(RandomErasing)} {{ Probability = {Probability}, Area = {Area.Min} to {Area.Max}, Aspect = {Aspect.Min} to {Aspect.Max} }}");

    /// <summary>Erases a rectangle of an image, or nothing.</summary>
    /// <param name="image">Channel, row, column.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="random">The numbers that belong to the image.</param>
    internal void Apply(Span<float> image, Shape shape, CounterRandom random)
    {
        if (Place(shape.Width, shape.Height, random) is not { } place) return;
        for (var row = 0; row < shape.Channels * shape.Height; row++)
            if (row % shape.Height - place.Top is var y && y >= 0 && y < place.Height)
                image.Slice(row * shape.Width + place.Left, place.Width).Clear();
    }

    /// <summary>The rectangle of an image of that size; null for none.</summary>
    internal (int Left, int Top, int Width, int Height)? Place(int width, int height, CounterRandom random)
    {
        if (random.Uniform(0) >= Probability) return null;
        var (least, greatest) = (Math.Log(Aspect.Min), Math.Log(Aspect.Max));
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var area = (double)width * height * (Area.Min + (Area.Max - Area.Min) * random.Uniform(2 * attempt + 1));
            var aspect = Math.Exp(least + (greatest - least) * random.Uniform(2 * attempt + 2));
            var (rows, columns) = ((int)Math.Round(Math.Sqrt(area * aspect)), (int)Math.Round(Math.Sqrt(area / aspect)));
            if (rows >= height || columns >= width) continue;
            return (random.Below(width - columns + 1, 2 * Tries + 1), random.Below(height - rows + 1, 2 * Tries + 2), columns, rows);
        }
        return null;
    }
}
