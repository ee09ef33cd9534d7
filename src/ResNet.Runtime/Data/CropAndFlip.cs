using ResNet.Runtime.Initialization;

namespace ResNet.Runtime.Data;

/// <summary>
/// The augmentation of CIFAR in He et al. 2015, section 4.2: normalized by channel, padded on each side, cropped to the
/// image's own size at random, mirrored every other time. A function of seed, epoch and index, so that neither order nor threads change it.
/// </summary>
public sealed record CropAndFlip
{
    /// <summary>Pixels of padding on each side, of value zero after normalization; 0 for no random crop.</summary>
    public int Padding { get; init; } = 4;

    /// <summary>Whether to mirror horizontally with probability one half.</summary>
    public bool Flip { get; init; } = true;

    /// <summary>Mean and deviation of the channels; the sizes are not used.</summary>
    public required Preprocessing Normalization { get; init; }

    /// <summary>Writes an image's augmented tensor.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">Epoch, from 0 on.</param>
    /// <param name="index">The image's index in its data set.</param>
    /// <param name="to">3 × height × width values.</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public void Apply(Image image, ulong seed, int epoch, int index, Span<float> to)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (to.Length != image.Pixels.Length)
            throw new ArgumentException($"3×{image.Height}×{image.Width} values are written; there is room for {to.Length}.", nameof(to));
        // Three values of the stream that belongs to the seed, the epoch and the image.
        var random = new CounterRandom(new CounterRandom(new CounterRandom(seed)[epoch])[index]);
        var left = (int)(random.Uniform(0) * (2 * Padding + 1)) - Padding;
        var top = (int)(random.Uniform(1) * (2 * Padding + 1)) - Padding;
        var isMirrored = Flip && random.Uniform(2) < 0.5;
        Write(image, left, top, isMirrored, to);
    }

    void Write(Image image, int left, int top, bool isMirrored, Span<float> to)
    {
        to.Clear();
        var (width, height) = (image.Width, image.Height);
        // Columns of the crop that lie within the image.
        int first = Math.Max(0, -left), end = Math.Min(width, width - left);
        Span<float> normalized = stackalloc float[256];
        for (var channel = 0; channel < 3; channel++)
        {
            var (mean, deviation) = (Normalization.Mean[channel], Normalization.Deviation[channel]);
            for (var value = 0; value < 256; value++)
                normalized[value] = (value / 255f - mean) / deviation;
            for (var y = Math.Max(0, -top); y < Math.Min(height, height - top); y++)
            {
                var row = image.Row(y + top);
                var output = to.Slice((channel * height + y) * width, width);
                for (var x = first; x < end; x++)
                    output[isMirrored ? width - 1 - x : x] = normalized[row[3 * (x + left) + channel]];
            }
        }
    }
}
