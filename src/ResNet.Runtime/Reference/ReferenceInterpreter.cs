using ResNet.Dsl;
using ResNet.Runtime.Cpu.Convolutions.Choice;
using ResNet.Runtime.Evaluation;

namespace ResNet.Runtime.Reference;

/// <summary>Which values dropout keeps while training.</summary>
/// <param name="layer">The dropout layer.</param>
/// <param name="index">Position in the layer's batch of values: image, channel, row, column.</param>
/// <returns>Whether the value is kept.</returns>
public delegate bool DropoutMask(LayerInstance layer, int index);

/// <summary>What a forward pass gives.</summary>
/// <param name="Output">The logits: batch × <see cref="NetworkDefinition.Output"/>.</param>
/// <param name="Taps">The values at each tap by its name: batch × channels × height × width.</param>
public sealed record ReferenceOutput(double[] Output, IReadOnlyDictionary<string, double[]> Taps);

/// <summary>What one step of training gives, before any parameter is changed.</summary>
/// <param name="Loss">Softmax cross-entropy, the mean over the batch.</param>
/// <param name="Forward">The forward pass, with the batch's statistics.</param>
/// <param name="Gradients">Gradients of the loss by each trained parameter, under its name.</param>
/// <param name="InputGradient">Gradient of the loss by the images.</param>
public sealed record ReferenceStep(double Loss, ReferenceOutput Forward, IReadOnlyDictionary<string, double[]> Gradients, double[] InputGradient);

/// <summary>
/// The meaning of a network: its layer tree, executed literally. Unfused, in double precision, with a literal reverse
/// pass. Everything faster is tested against it. Batches are image × channel × row × column.
/// </summary>
public sealed class ReferenceInterpreter
{
    readonly IReadOnlyList<LayerInstance> _layers;

    /// <summary>Takes a copy of the parameters.</summary>
    /// <param name="parameters">Parameters of the network that is executed.</param>
    public ReferenceInterpreter(Parameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Network = parameters.Network;
        _layers = Network.Layers();
        Parameters = parameters.Tensors.ToDictionary(tensor => tensor.Name, tensor => Widen(tensor.Values));
    }

    /// <summary>The network.</summary>
    public NetworkDefinition Network { get; }

    /// <summary>Parameters and running statistics by name, in PyTorch's layouts. Open to change; training steps move the statistics.</summary>
    public IReadOnlyDictionary<string, double[]> Parameters { get; }

    /// <summary>Executes the network with its running statistics.</summary>
    /// <param name="images">One or more images.</param>
    /// <exception cref="ArgumentException">The values are no whole number of images.</exception>
    public ReferenceOutput Infer(ReadOnlySpan<float> images)
    {
        var pass = new Pass(_layers, Parameters, training: false, dropout: null);
        var step = pass.Execute(Network.Body, Batch(images));
        return new(step.Output.Data, pass.Taps);
    }

    /// <summary>
    /// Executes the network forward with the batch's statistics and back from the loss. Moves the running statistics, as
    /// PyTorch does (by the unbiased variance); changes no trained parameter.
    /// </summary>
    /// <param name="images">The batch.</param>
    /// <param name="labels">The class of each image.</param>
    /// <param name="dropout">What dropout keeps; needed if the network has dropout.</param>
    /// <exception cref="ArgumentException">Images and labels do not fit the network or each other.</exception>
    /// <exception cref="InvalidOperationException">The network yields feature maps, drops values but has no mask, or normalizes a single value.</exception>
    public ReferenceStep Train(ReadOnlySpan<float> images, ReadOnlySpan<int> labels, DropoutMask? dropout = null) =>
        Train(images, labels, dropout, decide: null);

    /// <inheritdoc cref="Train(ReadOnlySpan{float}, ReadOnlySpan{int}, DropoutMask?)"/>
    /// <param name="images">The batch.</param>
    /// <param name="labels">The class of each image.</param>
    /// <param name="dropout">What dropout keeps.</param>
    /// <param name="decide">What ReLUs and max pooling decide by; null for their inputs.</param>
    internal ReferenceStep Train(ReadOnlySpan<float> images, ReadOnlySpan<int> labels, DropoutMask? dropout, Decision? decide)
    {
        var x = Batch(images);
        CheckLabels(labels, x.Batch);
        CheckTrainable(x.Batch, dropout);
        var pass = new Pass(_layers, Parameters, training: true, dropout, decide);
        var forward = pass.Execute(Network.Body, x);
        var (loss, gradient) = SoftmaxCrossEntropy.Evaluate(forward.Output, labels);
        var inputGradient = forward.Reverse(gradient);
        return new(loss, new(forward.Output.Data, pass.Taps), pass.Gradients, inputGradient.Data);
    }

    Values Batch(ReadOnlySpan<float> images)
    {
        var (batch, rest) = Math.DivRem(images.Length, Network.Input.Elements);
        if (batch == 0 || rest != 0)
            throw new ArgumentException($"{images.Length} values are no whole number of {Network.Input} images of {Network.Input.Elements} values", nameof(images));
        return new((int)batch, Network.Input, Widen(images));
    }

    /// <summary>All that training needs, before it moves any statistic.</summary>
    void CheckTrainable(int batch, DropoutMask? dropout)
    {
        if (!Network.Output.IsVector)
            throw new InvalidOperationException($"The network yields feature maps, {Network.Output}; softmax cross-entropy needs a vector of logits");
        foreach (var row in _layers)
        {
            if (row.Layer is Dropout && dropout is null)
                throw new InvalidOperationException($"The network drops values in \"{row.Name}\", so training it needs a dropout mask");
            if (row.Layer is BatchNorm && batch == 1 && row.Input.IsVector)
                throw new InvalidOperationException($"Batch normalization \"{row.Name}\" cannot train on a single value per channel, whose variance is undefined; use a larger batch");
        }
    }

    void CheckLabels(ReadOnlySpan<int> labels, int batch)
    {
        if (labels.Length != batch)
            throw new ArgumentException($"There are {labels.Length} labels for {batch} images", nameof(labels));
        foreach (var label in labels)
            if (label < 0 || label >= Network.Output.Channels)
                throw new ArgumentException($"The label {label} is none of {Network.Output.Channels} classes", nameof(labels));
    }

    static double[] Widen(ReadOnlySpan<float> values)
    {
        var result = new double[values.Length];
        for (var i = 0; i < values.Length; i++) result[i] = values[i];
        return result;
    }
}
