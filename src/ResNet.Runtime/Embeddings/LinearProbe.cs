using System.Diagnostics;
using ResNet.Dsl;
using ResNet.Runtime.Data;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Evaluation;
using ResNet.Runtime.Tensors;
using ResNet.Runtime.Training;

namespace ResNet.Runtime.Embeddings;

/// <summary>
/// A linear classifier of embeddings, which measures how well a plane separates the classes of features. The features are normalized over the training images before (a batch
/// normalization, as in He et al. 2022, "Masked Autoencoders", Appendix A), so that one learning rate suits all networks.
/// </summary>
public static class LinearProbe
{
    /// <summary>Trains a linear classifier and measures its accuracy.</summary>
    /// <param name="known">Images to learn from.</param>
    /// <param name="asked">Images to classify, of the same network and classes.</param>
    /// <param name="options">The options of learning; the defaults where null.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <exception cref="ArgumentException">The embeddings differ in length, or the classes in number; or there are too few images.</exception>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public static EvaluationResult Evaluate(EmbeddedDataset known, EmbeddedDataset asked, LinearProbeOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(known);
        ArgumentNullException.ThrowIfNull(asked);
        Probe.Check(known, asked);
        var timer = Stopwatch.StartNew();
        using var classifier = Train(known, options, cancellationToken);
        return Probe.Score(classifier.Predict(new(asked.Vectors.Data.ToArray(), asked.Labels.Count, asked.Length, 1, 1)), asked.Labels, timer.Elapsed);
    }

    /// <summary>Trains a linear classifier.</summary>
    /// <param name="known">Images to learn from.</param>
    /// <param name="options">The options of learning; the defaults where null.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <returns>A network from images × features × 1 × 1 to logits.</returns>
    /// <exception cref="ArgumentException">There are fewer than two images, in all or in a batch.</exception>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public static Network Train(EmbeddedDataset known, LinearProbeOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(known);
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 2, nameof(options));
        if (known.Labels.Count < 2) throw new ArgumentException("Features are normalized over two images at least", nameof(known));
        var network = Network.Create(new NetworkBuilder().Input(known.Length, 1, 1).BatchNorm().Dense(known.Classes.Count).Build("linear probe"));
        try
        {
            network.Labels = known.Classes;
            using var trainer = new Trainer(network, new Batches(known, options), new()
            {
                Epochs = options.Epochs,
                Schedule = new CosineSchedule(options.LearningRate),
                WeightDecay = options.WeightDecay,
                DecayNormAndBias = false,
                Seed = options.Seed,
            });
            if (trainer.Run(cancellationToken).Cancelled) throw new OperationCanceledException(cancellationToken);
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Embeddings in an order that the epoch draws. A last batch that is smaller is left out.</summary>
    sealed class Batches(EmbeddedDataset data, LinearProbeOptions options) : IBatchSource
    {
        readonly int _size = Math.Min(options.BatchSize, data.Labels.Count);
        readonly int[] _order = new int[data.Labels.Count];
        int _epoch = -1, _next;

        public string Identity => $"{data.Vectors} embeddings, batches of {_size}, seed {options.Seed}";

        int IBatchSource.Batches => data.Labels.Count / _size;

        public int? SmallestBatch => _size;

        public bool TryNext(int epoch, out TrainingBatch batch)
        {
            if (epoch != _epoch)
            {
                (_epoch, _next) = (epoch, 0);
                for (var i = 0; i < _order.Length; i++) _order[i] = i;
                new CounterRandom(new CounterRandom(options.Seed, "order")[epoch]).Shuffle(_order);
            }
            batch = default;
            if (_next == data.Labels.Count / _size) return false;
            // The batch before may still be read.
            var (vectors, labels) = (new float[_size * data.Length], new int[_size]);
            for (var i = 0; i < _size; i++)
            {
                var index = _order[_next * _size + i];
                data.Vectors[index].CopyTo(vectors.AsSpan(i * data.Length));
                labels[i] = data.Labels[index];
            }
            _next++;
            batch = new(vectors, labels);
            return true;
        }
    }
}

/// <summary>Options of a <see cref="LinearProbe"/>, which learns by stochastic gradient descent with momentum 0.9, the rate falling as a cosine.</summary>
public sealed record LinearProbeOptions
{
    /// <summary>Passes over the embeddings.</summary>
    public int Epochs { get; init; } = 50;

    /// <summary>Embeddings of a step; all if there are fewer.</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>The learning rate at the start.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>L2 penalty of the weights.</summary>
    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>Decides the order of the embeddings.</summary>
    public ulong Seed { get; init; }
}
