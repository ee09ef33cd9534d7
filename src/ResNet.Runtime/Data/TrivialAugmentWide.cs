using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Data;

/// <summary>
/// TrivialAugment with wide magnitudes (Müller and Hutter 2021) as torchvision's class of that name defines it: one of 14 operations, with one of 31 magnitudes.
/// </summary>
public sealed record TrivialAugmentWide : ImagePolicy
{
    static readonly PolicyOperation[] _operations = PolicyOperation.All(Magnitudes, shear: 0.99, _ => 32, rotation: 135, enhancement: 0.99, bits: 6);

    internal override string Identity => $"{nameof(TrivialAugmentWide)} {{ Bilinear = {Bilinear} }}";

    internal override Image Apply(Image image, CounterRandom random)
    {
        var operation = _operations[random.Below(_operations.Length, 0)];
        var magnitude = operation.Magnitude(image, random.Below(Magnitudes, 1));
        return operation.Run(image, operation.IsSigned && random.Below(2, 2) == 1 ? -magnitude : magnitude, Bilinear);
    }
}
