using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Data;

/// <summary>
/// A random order of images. Where they are stored in blocks of many images, of which not all can be kept, a whole permutation would read a
/// block for each image. The blocks are then shuffled, and images among as many blocks as can be kept at once.
/// </summary>
static class ShuffledOrder
{
    /// <summary>Brings a data set's indices into a random order.</summary>
    public static void Apply(CounterRandom random, ImageDataset dataset, int[] indices)
    {
        random.Shuffle(indices);
        if (dataset.BlocksAtOnce is not { } atOnce) return;
        int[] blocks = [.. indices.Select(dataset.BlockOf).Distinct().Order()];
        new CounterRandom(random.Key, "blocks").Shuffle(blocks);
        var windows = new Dictionary<int, int>();
        for (var at = 0; at < blocks.Length; at++) windows[blocks[at]] = at / atOnce;
        // A stable sort: within a window, the order stays random.
        int[] sorted = [.. indices.OrderBy(index => windows[dataset.BlockOf(index)])];
        sorted.CopyTo(indices, 0);
    }

    /// <summary>Tells orders apart that the same seed gives.</summary>
    public static string Describe(ImageDataset dataset) => dataset.BlocksAtOnce is { } atOnce ? $"shuffled by {atOnce} blocks" : "shuffled";
}
