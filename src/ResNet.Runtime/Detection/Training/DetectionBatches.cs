using ResNet.Runtime.Data;
using ResNet.Runtime.Detection.Data;
using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Detection.Training;

/// <summary>The images of each step, as a function of seed, epoch and step: a resumed run draws the same.</summary>
/// <param name="dataset">The images.</param>
/// <param name="preprocessing">The conversion of colors to values.</param>
/// <param name="options">The size of batches, and the options of drawing them.</param>
/// <param name="shard">The part of each step that is read here, of as many images; null for all of it.</param>
sealed class DetectionBatches(DetectionDataset dataset, Preprocessing preprocessing, DetectionTrainerOptions options, DataShard? shard = null)
{
    readonly int _stepImages = options.ImagesPerStep * (shard?.Count ?? 1);
    readonly int[] _order = new int[dataset.Count];
    int _epoch = -1;

    /// <summary>Steps of an epoch; the last has fewer images where they do not divide evenly.</summary>
    public int Count => (dataset.Count + _stepImages - 1) / _stepImages;

    /// <summary>The place of the first image that is read here among those of a step.</summary>
    public int First { get; } = options.ImagesPerStep * (shard?.Index ?? 0);

    /// <summary>Names the images: a checkpoint resumes only with the same ones.</summary>
    public string Identity => $"{dataset.Description}, {dataset.Count} images, classes {string.Join(", ", dataset.Classes)}";

    /// <summary>Reads the images of a step, on all processors; of the last one, some shards may have fewer or none.</summary>
    /// <param name="epoch">The epoch, from 0 on.</param>
    /// <param name="batch">The step within the epoch.</param>
    /// <exception cref="DatasetException">An image cannot be read.</exception>
    public TrainingScene[] Read(int epoch, int batch)
    {
        Shuffle(epoch);
        var first = batch * _stepImages + First;
        var scenes = new TrainingScene[Math.Clamp(dataset.Count - first, 0, options.ImagesPerStep)];
        var flips = new CounterRandom(new CounterRandom(options.Seed, "flip")[epoch]);
        try
        {
            Parallel.For(0, scenes.Length, i =>
            {
                var index = _order[first + i];
                var isMirrored = options.Flip && flips.Below(2, index) == 1;
                scenes[i] = TrainingScene.Of(SizedScene.Of(dataset.Load(index), dataset.Objects(index), options.Size, isMirrored), preprocessing);
            });
        }
        catch (AggregateException several)
        {
            // One is enough to tell.
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }
        return scenes;
    }

    void Shuffle(int epoch)
    {
        if (epoch == _epoch) return;
        for (var i = 0; i < _order.Length; i++) _order[i] = i;
        new CounterRandom(new CounterRandom(options.Seed, "order")[epoch]).Shuffle(_order);
        _epoch = epoch;
    }
}
