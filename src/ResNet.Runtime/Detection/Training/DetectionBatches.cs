using ResNet.Runtime.Detection.Data;
using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Detection.Training;

/// <summary>The images of each step, as a function of seed, epoch and step: a resumed run draws the same.</summary>
/// <param name="dataset">The images.</param>
/// <param name="preprocessing">The conversion of colors to values.</param>
/// <param name="options">The size of batches, and the options of drawing them.</param>
sealed class DetectionBatches(DetectionDataset dataset, Preprocessing preprocessing, DetectionTrainerOptions options)
{
    readonly int[] _order = new int[dataset.Count];
    int _epoch = -1;

    /// <summary>Steps of an epoch; the last has fewer images where they do not divide evenly.</summary>
    public int Count { get; } = (dataset.Count + options.ImagesPerStep - 1) / options.ImagesPerStep;

    /// <summary>Names the images: a checkpoint resumes only with the same ones.</summary>
    public string Identity => $"{dataset.Description}, {dataset.Count} images, classes {string.Join(", ", dataset.Classes)}";

    /// <summary>Reads the images of a step, on all processors.</summary>
    /// <param name="epoch">The epoch, from 0 on.</param>
    /// <param name="batch">The step within the epoch.</param>
    /// <exception cref="DatasetException">An image cannot be read.</exception>
    public TrainingScene[] Read(int epoch, int batch)
    {
        Shuffle(epoch);
        var first = batch * options.ImagesPerStep;
        var scenes = new TrainingScene[Math.Min(options.ImagesPerStep, dataset.Count - first)];
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
