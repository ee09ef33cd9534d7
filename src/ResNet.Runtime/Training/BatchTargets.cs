using ResNet.Dsl;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Training;

/// <summary>Makes what the images of a batch are compared with, where labels alone do not say it, and mixes images.</summary>
sealed class BatchTargets
{
    readonly TrainerOptions _options;
    readonly string _output;
    readonly int _classes, _width, _height;
    readonly CounterRandom _random;
    float[] _images = [], _values = [], _weights = [];

    /// <exception cref="ArgumentException">The options have another number of class weights than the network has classes.</exception>
    public BatchTargets(NetworkDefinition network, TrainerOptions options)
    {
        (_options, _output, _classes) = (options, network.Outputs[^1].Name, network.Output.Channels);
        (_width, _height) = (network.Input.Width, network.Input.Height);
        _random = new(options.Seed, "mixing");
        if (options.ClassWeights.Count > 0 && options.ClassWeights.Count != _classes)
            throw new ArgumentException($"{nameof(TrainerOptions.ClassWeights)} has {options.ClassWeights.Count} values; expected one for each of {_classes} classes");
    }

    /// <summary>The loss of a classifier that is trained by some options.</summary>
    public static Loss LossOf(TrainerOptions options) =>
        options.BinaryCrossEntropy ? new SigmoidCrossEntropy()
        : AreNeeded(options) ? new SoftmaxCrossEntropy { Probabilities = true }
        : new SoftmaxCrossEntropy { LabelSmoothing = options.LabelSmoothing };

    /// <summary>Whether labels alone are not what images are compared with.</summary>
    public static bool AreNeeded(TrainerOptions options) => options.BinaryCrossEntropy || options.Mixing is not null || options.ClassWeights.Count > 0;

    /// <summary>Mixes a batch and gives it targets. Images and targets stay valid until the next call.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="epoch">Epoch, from 0 on.</param>
    /// <param name="number">Number of the batch in its epoch.</param>
    /// <exception cref="ArgumentException">A label is no class.</exception>
    public TrainingBatch Make(TrainingBatch batch, int epoch, int number) =>
        Make(batch, _options.Mixing?.Draw(new(new CounterRandom(_random[epoch])[number]), _width, _height));

    /// <summary>Mixes a batch in a given way, or not, and gives it targets.</summary>
    internal TrainingBatch Make(TrainingBatch batch, Mix? mix)
    {
        // The batch after next writes over the source's own labels.
        var labels = batch.Labels.ToArray();
        foreach (var label in labels)
            if (label < 0 || label >= _classes)
                throw new ArgumentException($"A label is {label}; expected one of {_classes} classes, 0 to {_classes - 1}", nameof(batch));
        Fill(labels, mix);
        var count = labels.Length * _classes;
        var target = new LossTarget
        {
            Values = _values.AsMemory(0, count),
            Weights = _options.BinaryCrossEntropy && _options.ClassWeights.Count > 0 ? _weights.AsMemory(0, count) : default,
        };
        return new(mix is { } drawn ? Mixed(batch.Images, labels.Length, drawn) : batch.Images, labels) { Targets = new Dictionary<string, LossTarget> { [_output] = target } };
    }

    ReadOnlyMemory<float> Mixed(ReadOnlyMemory<float> images, int count, Mix mix)
    {
        if (_images.Length < images.Length) _images = new float[images.Length];
        mix.Apply(images.Span, count, _width, _height, _images);
        return _images.AsMemory(0, images.Length);
    }

    void Fill(int[] labels, Mix? mix)
    {
        if (_values.Length < labels.Length * _classes) (_values, _weights) = (new float[labels.Length * _classes], new float[labels.Length * _classes]);
        var own = mix?.Own ?? 1;
        var smoothing = _options.LabelSmoothing;
        // Batches that are not mixed count as those that are.
        var scale = _options.Mixing is null ? Scale(labels) : 1;
        for (var i = 0; i < labels.Length; i++)
        {
            var other = labels[Mix.Other(i, labels.Length)];
            for (var c = 0; c < _classes; c++)
            {
                var share = (c == labels[i] ? own : 0) + (c == other ? 1 - own : 0);
                var target = (1 - smoothing) * share + smoothing / _classes;
                var weight = _options.ClassWeights.Count > 0 ? _options.ClassWeights[c] : 1;
                // Sums of shares may round to more than 1.
                if (_options.BinaryCrossEntropy) target = _options.TargetThreshold is { } threshold ? target > threshold ? 1 : 0 : Math.Min(target, 1);
                else target *= weight * scale;
                (_values[i * _classes + c], _weights[i * _classes + c]) = ((float)target, (float)weight);
            }
        }
    }

    /// <summary>
    /// Makes the mean over images, which the loss takes, the weighted mean of PyTorch's CrossEntropyLoss: its divisor is the sum of the labels' weights, but with
    /// probabilities as targets the number of images.
    /// </summary>
    double Scale(int[] labels)
    {
        if (_options.ClassWeights.Count == 0) return 1;
        var sum = labels.Sum(label => _options.ClassWeights[label]);
        return sum > 0 ? labels.Length / sum : 0;
    }
}
