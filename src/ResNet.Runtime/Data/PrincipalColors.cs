using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Data;

/// <summary>
/// The color noise of Krizhevsky et al. 2012, section 4.1: to each pixel of an image the same multiples of the principal components
/// of ImageNet's colors are added, each in proportion to its eigenvalue and a normal random number.
/// </summary>
static class PrincipalColors
{
    /// <summary>Of colors from 0 to 1, as published with fb.resnet.torch (Gross and Wilber 2016), <c>datasets/imagenet.lua</c>.</summary>
    public static ReadOnlySpan<double> Eigenvalues => [0.2175, 0.0188, 0.0045];

    /// <summary>A row for red, green and blue each, a column per eigenvector; from the same place.</summary>
    public static ReadOnlySpan<double> Eigenvectors =>
    [
        -0.5675, 0.7192, 0.4009,
        -0.5808, -0.0045, -0.8140,
        -0.5836, -0.6948, 0.4203,
    ];

    /// <summary>Draws what is added to red, green and blue.</summary>
    /// <param name="random">The stream.</param>
    /// <param name="first">The first of three normal numbers in it.</param>
    /// <param name="deviation">Their standard deviation.</param>
    /// <param name="shift">Receives the three values.</param>
    public static void Draw(CounterRandom random, int first, double deviation, Span<float> shift)
    {
        Span<double> scale = stackalloc double[3];
        for (var i = 0; i < 3; i++) scale[i] = deviation * random.Normal(first + i) * Eigenvalues[i];
        for (var channel = 0; channel < 3; channel++)
        {
            var vectors = Eigenvectors.Slice(3 * channel, 3);
            shift[channel] = (float)(vectors[0] * scale[0] + vectors[1] * scale[1] + vectors[2] * scale[2]);
        }
    }
}
