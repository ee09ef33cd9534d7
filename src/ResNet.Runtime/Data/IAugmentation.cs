using ResNet.Dsl;

namespace ResNet.Runtime.Data;

/// <summary>
/// Makes a training image's tensor, at random, from the image. The tensor is a function of image, seed, epoch and index, so
/// that neither order nor threads change it. Called from several threads at once.
/// </summary>
public interface IAugmentation
{
    /// <summary>Size of every result, channels × height × width, for images of any size.</summary>
    Shape Output { get; }

    /// <summary>
    /// Names the augmentation and every value that determines its results, the elements of arrays included. A loader's identity
    /// holds it, so that a run resumes only with the same augmentation. Independent of the culture. It is not the whole text of a
    /// record, which itself has this property.
    /// </summary>
    string Identity { get; }

    /// <summary>Writes an image's augmented tensor.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">Epoch, from 0 on.</param>
    /// <param name="index">The image's index in its data set.</param>
    /// <param name="to">Receives the values of <see cref="Output"/>, channel, row, column.</param>
    /// <exception cref="ArgumentException">The span has another length, or options contradict each other.</exception>
    /// <exception cref="ImageException">The image has a size that nothing can be made of.</exception>
    void Apply(Image image, ulong seed, int epoch, int index, Span<float> to);
}
