using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Data;

/// <summary>Operations on the pixels of a picture, drawn at random: a part of a <see cref="CropAugmentation"/>.</summary>
public abstract record ImagePolicy
{
    /// <summary>Number of magnitudes that an operation has.</summary>
    private protected const int Magnitudes = 31;

    private protected ImagePolicy()
    {
    }

    /// <summary>Whether shears, translations and rotations interpolate between pixels, as in torchvision's recipes, or take the nearest one, as its class does by default.</summary>
    public bool Bilinear { get; init; }

    /// <summary>Names the policy and all its values, in the same words in every culture.</summary>
    internal abstract string Identity { get; }

    /// <summary>Changes a picture.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="seed">Decides which operations, and how much of each.</param>
    /// <returns>A picture of the same size.</returns>
    public Image Apply(Image image, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Apply(image, new CounterRandom(seed));
    }

    /// <summary>Changes a picture.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="random">The numbers that belong to it.</param>
    internal abstract Image Apply(Image image, CounterRandom random);
}
