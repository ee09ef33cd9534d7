namespace ResNet.Runtime.Optimizers;

/// <summary>One tensor in one step: what an <see cref="Optimizer"/> changes, and what it may go by.</summary>
public readonly ref struct ParameterUpdate
{
    readonly ReadOnlySpan<float[]> _state;

    /// <summary>Takes the tensor's part of each vector.</summary>
    internal ParameterUpdate(ParameterTensor tensor, Span<float> weights, ReadOnlySpan<float> gradients, ReadOnlySpan<float[]> state)
    {
        _state = state;
        Tensor = tensor;
        Weights = weights.Slice(tensor.Offset, tensor.Length);
        Gradient = gradients.Slice(tensor.Offset, tensor.Length);
    }

    /// <summary>Name, shape and kind of the tensor.</summary>
    public ParameterTensor Tensor { get; }

    /// <summary>The tensor's values, to be updated.</summary>
    public Span<float> Weights { get; }

    /// <summary>Their gradient, already clipped; without weight decay.</summary>
    public ReadOnlySpan<float> Gradient { get; }

    /// <summary>The learning rate of this step and tensor.</summary>
    public double Rate { get; internal init; }

    /// <summary>The tensor's weight decay; an optimizer adds it to the gradient, or decays the weights themselves.</summary>
    public double WeightDecay { get; internal init; }

    /// <summary>Number of the step, from 1 on; a resumed run counts on.</summary>
    public long Step { get; internal init; }

    /// <summary>The tensor's part of a remembered vector, to be updated.</summary>
    /// <param name="index">Position in <see cref="Optimizer.State"/>.</param>
    public Span<float> State(int index) => _state[index].AsSpan(Tensor.Offset, Tensor.Length);
}
