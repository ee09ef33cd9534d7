using System.Runtime.ExceptionServices;

namespace ResNet.Runtime.Data;

/// <summary>Computes <see cref="PixelMean"/>s of data sets.</summary>
public static class PixelMeans
{
    extension(PixelMean)
    {
        /// <summary>Computes the mean of a data set, on all processors. The sums are integers, so their order does not matter.</summary>
        /// <param name="dataset">The training images.</param>
        /// <param name="preprocessing">The resizing and cropping that comes first; images of that size are taken unchanged.</param>
        /// <param name="onBroken">Receives each image that cannot be read, one at a time, on any thread; the image is left out. If null, such an image is fatal.</param>
        /// <param name="cancellationToken">Stops the computation.</param>
        /// <exception cref="DatasetException">An image, or with <paramref name="onBroken"/> every image, cannot be read.</exception>
        public static PixelMean Of(
            ImageDataset dataset, Preprocessing preprocessing, Action<DatasetException>? onBroken = null, CancellationToken cancellationToken = default)
        {
            ArgumentNullException.ThrowIfNull(dataset);
            ArgumentNullException.ThrowIfNull(preprocessing);
            var total = new Sums(3 * preprocessing.Width * preprocessing.Height);
            try
            {
                Parallel.For(0, dataset.Count, new() { CancellationToken = cancellationToken }, () => new Sums(total.Length), Add, total.Add);
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
                    throw dataset.Unusable(index, e);
                }
            }
        }
    }

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
