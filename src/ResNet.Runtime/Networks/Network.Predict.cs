namespace ResNet.Runtime;

public abstract partial class Network
{
    /// <summary>Names the classes that a picture most likely shows.</summary>
    /// <param name="image">A picture of any size.</param>
    /// <param name="top">Number of classes.</param>
    /// <returns>The likeliest classes, the likeliest first.</returns>
    /// <exception cref="InvalidOperationException">The primary output is feature maps, or the input does not have three channels.</exception>
    public IReadOnlyList<Prediction> Classify(Image image, int top = 5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        if (!OutputShape.IsVector)
            throw new InvalidOperationException($"The network yields feature maps, {OutputShape}, not one value per class; {nameof(Predict)} computes them");
        return Prediction.Best(Predict(Prepare(image)).Data, Labels, top);
    }

    /// <summary>Makes a batch of one of a picture.</summary>
    /// <param name="image">A picture of any size.</param>
    /// <returns>1 × channels × height × width, normalized.</returns>
    /// <exception cref="InvalidOperationException">The network's input does not have the channels of <see cref="Preprocessing"/>.</exception>
    public Tensor Prepare(Image image)
    {
        var input = Definition.Input;
        if (input.Channels != Preprocessing.Channels)
            throw new InvalidOperationException($"A picture has {Preprocessing.Channels} channels, the network's input {input.Channels}; make the input tensor yourself");
        var tensor = new Tensor(1, input.Channels, input.Height, input.Width);
        Preprocessing.Apply(image, tensor.Data);
        return tensor;
    }

    /// <summary>Computes the logits of a batch: the primary output, <see cref="Dsl.NetworkDefinition.Output"/>.</summary>
    /// <param name="images">batch × channels × height × width, normalized.</param>
    /// <returns>batch × classes, or batch × channels × height × width of feature maps.</returns>
    /// <exception cref="ArgumentException">The shape is not that of a batch of the network's inputs.</exception>
    public Tensor Predict(Tensor images) => WithSession(session => session.Predict(images));

    /// <summary>Computes all outputs of a batch.</summary>
    /// <param name="images">batch × channels × height × width, normalized.</param>
    /// <returns>By the output's name, in their order, batch × classes, or batch × channels × height × width of feature maps.</returns>
    /// <exception cref="ArgumentException">The shape is not that of a batch of the network's inputs.</exception>
    public IReadOnlyDictionary<string, Tensor> PredictAll(Tensor images) => WithSession(session => session.PredictAll(images));

    /// <summary>Computes the values of taps.</summary>
    /// <param name="images">batch × channels × height × width, normalized.</param>
    /// <param name="taps">Names of the taps; all if none is named.</param>
    /// <returns>By the tap's name, batch × channels × height × width.</returns>
    /// <exception cref="ArgumentException">The shape does not fit, or there is no such tap.</exception>
    public IReadOnlyDictionary<string, Tensor> Features(Tensor images, params string[] taps) =>
        WithSession(session => session.Features(images, taps));
}
