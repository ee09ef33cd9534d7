using ResNet.Dsl;
using ResNet.Runtime;

namespace ResNet.Reference;

/// <summary>The values and images that dropout and stochastic depth keep while training.</summary>
/// <param name="layer">The layer.</param>
/// <param name="index">Position in the layer's batch of values: image, channel, row, column. Of stochastic depth, the image.</param>
/// <returns>Whether the value or the image is kept.</returns>
public delegate bool DropoutMask(LayerInstance layer, int index);

/// <summary>The result of a forward pass.</summary>
/// <param name="Output">The primary output, as of <see cref="NetworkDefinition.Output"/>: batch × its shape.</param>
/// <param name="Outputs">All outputs by name.</param>
/// <param name="Taps">The values at each tap by its name: batch × channels × height × width.</param>
public sealed record ReferenceOutput(double[] Output, IReadOnlyDictionary<string, double[]> Outputs, IReadOnlyDictionary<string, double[]> Taps);

/// <summary>The result of one step of training, before any parameter is changed.</summary>
/// <param name="Loss">The sum of the losses.</param>
/// <param name="Losses">The losses by the output that they are attached to.</param>
/// <param name="Forward">The forward pass, with the batch's statistics.</param>
/// <param name="Gradients">Gradients of the loss by each trained parameter, under its name.</param>
/// <param name="InputGradient">Gradient of the loss by the images.</param>
public sealed record ReferenceStep(
    double Loss, IReadOnlyDictionary<string, double> Losses, ReferenceOutput Forward, IReadOnlyDictionary<string, double[]> Gradients, double[] InputGradient);

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
        Parameters = parameters.Tensors.ToDictionary(tensor => tensor.Name, tensor => Widen(tensor.Read()));
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
        Forward(pass, Batch(images));
        return Result(pass);
    }

    /// <summary>Trains by softmax cross-entropy of the primary output, as the other overload does by any losses.</summary>
    /// <param name="images">The batch.</param>
    /// <param name="labels">The class of each image.</param>
    /// <param name="dropout">What dropout and stochastic depth keep; needed if the network has any.</param>
    /// <param name="decide">What ReLUs and max pooling decide by; null for their inputs.</param>
    /// <exception cref="ArgumentException">Images and labels do not fit the network or each other.</exception>
    /// <exception cref="InvalidOperationException">The network drops values but has no mask, or normalizes a single value.</exception>
    public ReferenceStep Train(ReadOnlySpan<float> images, ReadOnlySpan<int> labels, DropoutMask? dropout = null, Decision? decide = null) =>
        Train(images, new Dictionary<string, ReferenceLoss> { [Network.Outputs[^1].Name] = ReferenceLosses.SoftmaxCrossEntropy(labels.ToArray()) }, dropout, decide);

    /// <summary>
    /// Executes the network forward with the batch's statistics and back from the losses. Moves the running statistics, as
    /// PyTorch does (by the unbiased variance); changes no trained parameter.
    /// </summary>
    /// <param name="images">The batch.</param>
    /// <param name="losses">A loss for each output that is to have one.</param>
    /// <param name="dropout">What dropout and stochastic depth keep; needed if the network has any.</param>
    /// <param name="decide">What ReLUs and max pooling decide by; null for their inputs.</param>
    /// <exception cref="ArgumentException">The images do not fit the network, or a loss does not fit an output.</exception>
    /// <exception cref="InvalidOperationException">The network drops values but has no mask, or normalizes a single value.</exception>
    public ReferenceStep Train(ReadOnlySpan<float> images, IReadOnlyDictionary<string, ReferenceLoss> losses, DropoutMask? dropout = null, Decision? decide = null) =>
        Train(Batch(images), losses, dropout, decide);

    /// <summary>Trains on images in double precision, as on any.</summary>
    /// <param name="x">The batch, of the network's input shape.</param>
    /// <param name="losses">A loss for each output that is to have one.</param>
    /// <param name="dropout">What dropout and stochastic depth keep; needed if the network has any.</param>
    /// <param name="decide">What ReLUs and max pooling decide by; null for their inputs.</param>
    /// <exception cref="ArgumentException">The images do not fit the network, or a loss does not fit an output.</exception>
    /// <exception cref="InvalidOperationException">The network drops values but has no mask, or normalizes a single value.</exception>
    public ReferenceStep Train(Values x, IReadOnlyDictionary<string, ReferenceLoss> losses, DropoutMask? dropout = null, Decision? decide = null)
    {
        if (x.Shape != Network.Input) throw new ArgumentException($"Images of {x.Shape} do not fit a network of {Network.Input}", nameof(x));
        CheckTrainable(x.Batch, dropout);
        CheckLosses(losses, x.Batch);
        var pass = new Pass(_layers, Parameters, training: true, dropout, decide);
        var reverse = Forward(pass, x);
        var values = new Dictionary<string, double>();
        foreach (var (name, loss) in losses)
            (values[name], pass.OutputGradients[name]) = loss(pass.Outputs[name]);
        var inputGradient = reverse();
        return new(values.Values.Sum(), values, Result(pass), pass.Gradients, inputGradient.Data);
    }

    /// <summary>Goes forward through the network.</summary>
    /// <returns>The way back, which ends with the gradient by the images.</returns>
    Func<Values> Forward(Pass pass, Values x)
    {
        var forward = pass.Execute(Network.Body, x);
        // The primary output is the end of the chain unless a layer gave it.
        var primary = Network.Outputs[^1].Name;
        var endIsOutput = pass.Outputs.TryAdd(primary, forward.Output);
        return () => forward.Reverse(endIsOutput && pass.OutputGradients.TryGetValue(primary, out var gradient)
            ? gradient
            : new(forward.Output.Batch, forward.Output.Shape));
    }

    ReferenceOutput Result(Pass pass) =>
        new(pass.Outputs[Network.Outputs[^1].Name].Data, pass.Outputs.ToDictionary(output => output.Key, output => output.Value.Data), pass.Taps);

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
        foreach (var row in _layers)
        {
            if (row.Layer.ActsInTrainingAlone && dropout is null)
                throw new InvalidOperationException($"The network drops values in \"{row.Name}\", so training it needs a dropout mask");
            if (row.Layer is BatchNorm { Frozen: false } && batch == 1 && row.Input.IsVector)
                throw new InvalidOperationException($"Batch normalization \"{row.Name}\" cannot train on a single value per channel, whose variance is undefined; use a larger batch");
        }
    }

    /// <summary>Tries the losses on zeros, so that one that does not fit is found before any statistic moves.</summary>
    void CheckLosses(IReadOnlyDictionary<string, ReferenceLoss> losses, int batch)
    {
        foreach (var (name, loss) in losses)
        {
            var output = Network.Outputs.FirstOrDefault(output => output.Name == name)
                ?? throw new ArgumentException($"The network has no output \"{name}\"; it has {string.Join(", ", Network.Outputs.Select(output => output.Name))}", nameof(losses));
            loss(new(batch, output.Shape));
        }
    }

    static double[] Widen(ReadOnlySpan<float> values)
    {
        var result = new double[values.Length];
        for (var i = 0; i < values.Length; i++) result[i] = values[i];
        return result;
    }
}
