using ResNet.Runtime.Devices;

namespace ResNet.Runtime.Training;

/// <summary>The values of one step, for observers. What none of them asks for is neither computed nor copied.</summary>
public readonly ref struct StepValues
{
    readonly Network _network;
    readonly IGradientSource _gradients;

    internal StepValues(Network network, IGradientSource gradients, TrainingBatch batch, long step)
    {
        (_network, _gradients) = (network, gradients);
        Batch = batch;
        Step = step;
    }

    /// <summary>Number of the step, from 1 on.</summary>
    public long Step { get; }

    /// <summary>The batch; valid during the call.</summary>
    public TrainingBatch Batch { get; }

    /// <summary>The gradient of a parameter, after <see cref="Trainer.OnGradients"/>, not clipped, without weight decay.</summary>
    /// <param name="name">Full name of a trained tensor, such as <c>layer1.0.conv1.weight</c>.</param>
    /// <returns>Laid out as the tensor; valid during the call.</returns>
    /// <exception cref="KeyNotFoundException">The network has no trained tensor of that name.</exception>
    public ReadOnlySpan<float> Gradient(string name)
    {
        var tensor = _network.Parameters[name];
        if (!tensor.Info.IsTrained) throw new KeyNotFoundException($"\"{name}\" has no gradient: it is a running statistic");
        return _gradients.Gradients.Slice(tensor.Offset, tensor.Length);
    }

    /// <summary>
    /// Computes the value of a tap for the batch, by a forward pass of its own: one of inference, so without dropout and with the
    /// running statistics, in which the batch is already counted. The weights are those of the step.
    /// </summary>
    /// <param name="name">Name of the tap.</param>
    /// <returns>batch × channels × height × width.</returns>
    /// <exception cref="ArgumentException">There is no such tap.</exception>
    public Tensor Tap(string name)
    {
        var input = _network.Definition.Input;
        var images = new Tensor(Batch.Images.ToArray(), Batch.Labels.Length, input.Channels, input.Height, input.Width);
        return _network.Features(images, name)[name];
    }
}
