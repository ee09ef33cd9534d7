using ResNet.Runtime.Devices;

namespace ResNet.Runtime.Data;

/// <summary>
/// The source of training images. The batches of an epoch depend on its number alone, so that a resumed run sees the batches of an
/// uninterrupted one.
/// </summary>
public interface IBatchSource
{
    /// <summary>
    /// Names everything that determines the batches: the images, their number, batch size, seed, augmentation. A checkpoint keeps
    /// it, and a run resumes only with batches of the same identity.
    /// </summary>
    string Identity { get; }

    /// <summary>Number of batches of an epoch; at least 1.</summary>
    int Batches { get; }

    /// <summary>
    /// Number of images in the smallest batch of an epoch, as far as it is known before one is read; null where it is not. A network
    /// with batch normalization over 1×1 maps cannot be trained on a batch of one image, which a trainer then says before it begins.
    /// </summary>
    int? SmallestBatch => null;

    /// <summary>Gives the next batch of an epoch, which stays valid until the next call.</summary>
    /// <param name="epoch">Epoch, from 0 on. Another one than at the last call starts that epoch from its first batch.</param>
    /// <param name="batch">The batch.</param>
    /// <returns>False at the epoch's end.</returns>
    bool TryNext(int epoch, out TrainingBatch batch);
}
