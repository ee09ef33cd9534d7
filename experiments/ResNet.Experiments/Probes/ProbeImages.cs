using ResNet.Runtime;
using ResNet.Runtime.Data;

namespace ResNet.Experiments.Probes;

/// <summary>Images that probes look at: the same for all networks of one preprocessing.</summary>
/// <param name="Images">images × channels × height × width, normalized.</param>
/// <param name="Labels">Their classes.</param>
public sealed record ProbeImages(Tensor Images, IReadOnlyList<int> Labels)
{
    /// <summary>Takes images at equal distances from a data set, so that one that is sorted by class gives all classes.</summary>
    /// <param name="network">The network, whose preprocessing holds.</param>
    /// <param name="dataset">The data set.</param>
    /// <param name="most">The number of images, if there are so many.</param>
    public static ProbeImages Take(Network network, ImageDataset dataset, int most)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(dataset);
        var count = Math.Min(most, dataset.Count);
        var (input, length) = (network.Definition.Input, (int)network.Definition.Input.Elements);
        var images = new Tensor(count, input.Channels, input.Height, input.Width);
        var labels = new int[count];
        for (var i = 0; i < count; i++)
        {
            var index = (int)((long)i * dataset.Count / count);
            network.Preprocessing.Apply(dataset.Load(index), images.Data.Slice(i * length, length));
            labels[i] = dataset.ClassOf(index);
        }
        return new(images, labels);
    }
}
