using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Data;

/// <summary>
/// RandAugment (Cubuk et al. 2019) as torchvision's class of that name defines it: some of 14 operations one after another, each drawn anew, with one magnitude for all.
/// timm's <c>rand-m7-mstd0.5</c> is another one: it has operations of its own, leaves each out every other time, and varies the magnitude.
/// </summary>
public sealed record RandAugment : ImagePolicy
{
    static readonly PolicyOperation[] _operations = PolicyOperation.All(Magnitudes, shear: 0.3, side => 150.0 / 331 * side, rotation: 30, enhancement: 0.9, bits: 4);

    /// <summary>Number of operations of a picture.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1 or above 100.</exception>
    public int Operations
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(Operations));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 100, nameof(Operations));
            field = value;
        }
    } = 2;

    /// <summary>The magnitude, from 0 to 30; timm's and the paper's scale of 10 has a third of that.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 0 or above 30.</exception>
    public int Magnitude
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(Magnitude));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(value, Magnitudes, nameof(Magnitude));
            field = value;
        }
    } = 9;

    internal override string Identity => $"{nameof(RandAugment)} {{ Operations = {Operations}, Magnitude = {Magnitude}, Bilinear = {Bilinear} }}";

    internal override Image Apply(Image image, CounterRandom random)
    {
        for (var i = 0; i < Operations; i++)
        {
            var operation = _operations[random.Below(_operations.Length, 2 * i)];
            var magnitude = operation.Magnitude(image, Magnitude);
            image = operation.Run(image, operation.IsSigned && random.Below(2, 2 * i + 1) == 1 ? -magnitude : magnitude, Bilinear);
        }
        return image;
    }
}
