using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Data;

/// <summary>Draws the images of an epoch so that all classes that have images come with the same probability.</summary>
sealed class BalancedOrder
{
    readonly int[][] _classes;
    readonly int[] _repeats;
    readonly ulong _seed;

    public BalancedOrder(ImageDataset dataset, ulong seed)
    {
        _seed = seed;
        _repeats = new int[dataset.Count];
        _classes = [.. Enumerable.Range(0, dataset.Count).GroupBy(dataset.ClassOf).OrderBy(images => images.Key).Select(images => images.ToArray())];
    }

    /// <summary>Draws an epoch.</summary>
    /// <param name="epoch">Epoch, from 0 on.</param>
    /// <param name="order">Receives the indices of images.</param>
    public void Draw(int epoch, int[] order)
    {
        var random = new CounterRandom(new CounterRandom(_seed, "balanced")[epoch]);
        var drawn = new int[order.Length];
        for (var place = 0; place < order.Length; place++)
        {
            var images = _classes[random.Below(_classes.Length, 2 * place)];
            var index = images[random.Below(images.Length, 2 * place + 1)];
            (order[place], _repeats[place]) = (index, drawn[index]++);
        }
    }

    /// <summary>The seed of a place's augmentation: the loader's where its image comes for the first time in the epoch.</summary>
    public ulong SeedOf(int place) => _repeats[place] == 0 ? _seed : new CounterRandom(_seed, "repeated")[_repeats[place]];
}
