using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ResNet.Runtime.Data;

namespace ResNet.Runtime;

/// <summary>
/// The mean of each pixel over a training set, to be subtracted from every image (He et al. 2015, section 4.2; Krizhevsky et al.
/// 2012, section 2).
/// </summary>
public sealed class PixelMean
{
    readonly float[] _values;

    /// <summary>Takes means that are known.</summary>
    /// <param name="height">Rows of an image.</param>
    /// <param name="width">Columns of an image.</param>
    /// <param name="values">3 × height × width means from 0 to 1, which are copied.</param>
    /// <exception cref="ArgumentException">There are more or fewer values, or one is not finite.</exception>
    public PixelMean(int height, int width, ReadOnlySpan<float> values)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        if (values.Length != 3L * height * width)
            throw new ArgumentException($"Means of 3×{height}×{width} values are needed; found {values.Length}.", nameof(values));
        foreach (var value in values)
            if (!float.IsFinite(value)) throw new ArgumentException($"A mean is {value}; expected a finite number.", nameof(values));
        (Height, Width, _values) = (height, width, values.ToArray());
    }

    /// <summary>Rows of an image.</summary>
    public int Height { get; }

    /// <summary>Columns of an image.</summary>
    public int Width { get; }

    /// <summary>3 × <see cref="Height"/> × <see cref="Width"/> means from 0 to 1, in channel, row, column order.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>Computes the mean of a data set, on all processors. The sums are integers, so their order does not matter.</summary>
    /// <param name="dataset">The training images.</param>
    /// <param name="preprocessing">How images are resized and cropped first; images as large as that are taken as they are.</param>
    /// <param name="onBroken">Told of each image that cannot be read, one at a time, on any thread; it is left out. Where null, such an image is fatal.</param>
    /// <param name="cancellation">Stops the computation.</param>
    /// <exception cref="DatasetException">An image, or with <paramref name="onBroken"/> every image, cannot be read.</exception>
    public static PixelMean Of(
        ImageDataset dataset, Preprocessing preprocessing, Action<DatasetException>? onBroken = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(preprocessing);
        var total = new Sums(3 * preprocessing.Width * preprocessing.Height);
        try
        {
            Parallel.For(0, dataset.Count, new() { CancellationToken = cancellation }, () => new Sums(total.Length), Add, total.Add);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
        if (total.Count == 0) throw new DatasetException($"{dataset.Description}: there is no image that can be read");
        return new(preprocessing.Height, preprocessing.Width, total.Means());

        Sums Add(int index, ParallelLoopState state, Sums sums)
        {
            try
            {
                sums.Add(Load(index));
            }
            catch (DatasetException e) when (onBroken is not null)
            {
                lock (total) onBroken(e);
            }
            return sums;
        }

        Image Load(int index)
        {
            try
            {
                return preprocessing.Crop(dataset.Load(index));
            }
            catch (ImageException e)
            {
                throw DatasetException.Of(dataset, index, e);
            }
        }
    }

    /// <summary>Size and a hash of the values.</summary>
    public override string ToString() =>
        $"3×{Height}×{Width} {Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(Values)).AsSpan(0, 8))}";

    /// <summary>Sums of the bytes of images.</summary>
    sealed class Sums(int length)
    {
        readonly long[] _sums = new long[length];

        public int Length => length;

        public long Count { get; private set; }

        public void Add(Image image)
        {
            var pixels = image.Pixels;
            for (var i = 0; i < _sums.Length; i++) _sums[i] += pixels[i];
            Count++;
        }

        public void Add(Sums other)
        {
            lock (this)
            {
                for (var i = 0; i < _sums.Length; i++) _sums[i] += other._sums[i];
                Count += other.Count;
            }
        }

        /// <summary>From bytes that alternate between the channels to planes of 0 … 1.</summary>
        public float[] Means()
        {
            var means = new float[length];
            var plane = length / 3;
            for (var i = 0; i < length; i++) means[i % 3 * plane + i / 3] = (float)(_sums[i] / (255.0 * Count));
            return means;
        }
    }
}
