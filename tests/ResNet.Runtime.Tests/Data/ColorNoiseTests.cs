using ResNet.Runtime.Data;

namespace ResNet.Runtime.Tests.Data;

public sealed class ColorNoiseTests
{
    const int Draws = 20_000;
    const double Deviation = 0.1;

    static readonly double[] _eigenvalues = [0.2175, 0.0188, 0.0045];

    /// <summary>An eigenvector of ImageNet's colours per row.</summary>
    static readonly double[][] _eigenvectors = [[-0.5675, -0.5808, -0.5836], [0.7192, -0.0045, -0.6948], [0.4009, -0.8140, 0.4203]];

    static readonly CropAndFlip _augmentation = new()
    {
        Padding = 0,
        Flip = false,
        ColorNoise = Deviation,
        Normalization = new(2, 2, 2) { Mean = [0, 0, 0], Deviation = [1, 1, 1] },
    };

    static readonly Image _black = Image.FromRgb(2, 2, new byte[12]);

    [Fact]
    public void Its_covariance_is_that_of_the_eigenvectors()
    {
        var shifts = Enumerable.Range(0, Draws).Select(Shift).ToArray();
        for (var i = 0; i < 3; i++)
        {
            Assert.InRange(shifts.Average(shift => shift[i]), -5 * Math.Sqrt(Covariance(i, i) / Draws), 5 * Math.Sqrt(Covariance(i, i) / Draws));
            for (var j = 0; j < 3; j++)
            {
                var error = Math.Sqrt((Covariance(i, i) * Covariance(j, j) + Covariance(i, j) * Covariance(i, j)) / Draws);
                Assert.InRange(shifts.Average(shift => shift[i] * shift[j]) - Covariance(i, j), -5 * error, 5 * error);
            }
        }

        static double Covariance(int i, int j) => Enumerable.Range(0, 3).Sum(k => _eigenvectors[k][i] * _eigenvectors[k][j] * Math.Pow(Deviation * _eigenvalues[k], 2));
    }

    [Fact]
    public void Along_each_eigenvector_it_is_normal_and_on_its_own()
    {
        var shifts = Enumerable.Range(0, Draws).Select(Shift).ToArray();
        var components = _eigenvectors.Select((vector, k) => shifts.Select(shift =>
            vector.Zip(shift, (v, s) => v * s).Sum() / (Deviation * _eigenvalues[k])).ToArray()).ToArray();
        foreach (var component in components)
        {
            // Of a normal distribution, 68.27 % and 95.45 % lie within one and two deviations.
            Assert.Equal(1, component.Average(a => a * a), 5 * Math.Sqrt(2.0 / Draws));
            Assert.Equal(0.6827, component.Average(a => Math.Abs(a) < 1 ? 1.0 : 0), 5 * 0.466 / Math.Sqrt(Draws));
            Assert.Equal(0.9545, component.Average(a => Math.Abs(a) < 2 ? 1.0 : 0), 5 * 0.209 / Math.Sqrt(Draws));
        }
        // The published vectors are rounded: a ten-thousandth of the first component, 48 times the last one, is in the last one too.
        Assert.Equal(0, components[0].Zip(components[1], (a, b) => a * b).Average(), 0.05);
        Assert.Equal(0, components[0].Zip(components[2], (a, b) => a * b).Average(), 0.05);
        Assert.Equal(0, components[1].Zip(components[2], (a, b) => a * b).Average(), 0.05);
    }

    [Fact]
    public void All_pixels_of_an_image_are_shifted_alike_before_they_are_normalized()
    {
        var picture = Augmented.Noise(6, 5);
        var normalization = new Preprocessing(5, 5, 6) { Mean = [0.5f, 0.25f, 0], Deviation = [0.5f, 0.25f, 2] };
        var plain = new CropAndFlip { Padding = 2, Normalization = normalization };
        for (var index = 0; index < 50; index++)
        {
            // Neither crop nor mirroring nor the zeros of the padding change with the noise.
            var (without, with) = (plain.Apply(picture, 3, 1, index), (plain with { ColorNoise = Deviation }).Apply(picture, 3, 1, index));
            var shift = Shift(3, 1, index);
            for (var i = 0; i < with.Length; i++)
                Assert.Equal(without[i] == 0 ? 0 : without[i] + shift[i / 30] / normalization.Deviation[i / 30], with[i], 1e-5);
        }
    }

    static float[] Shift(int index) => Shift(9, 0, index);

    static float[] Shift(ulong seed, int epoch, int index)
    {
        var result = _augmentation.Apply(_black, seed, epoch, index);
        return [result[0], result[4], result[8]];
    }
}
