
namespace ResNet.Runtime.Programs;

/// <summary>
/// The operations that a compiled training step is written in: the forward pass with batch statistics, the losses, and the
/// backward pass. Generated code calls them in order; each device implements them. Layers are named by their index in
/// <see cref="Dsl.NetworkDefinition.Layers"/>, values and gradients by the slot of the arena that holds them. Gradients of
/// parameters go to a buffer of the device's, laid out as <see cref="Parameters.ReadTrained"/>. The sequence of calls of one
/// network never varies.
/// </summary>
/// <remarks>
/// <para>
/// A backward operation writes the gradient of its input to <c>to</c>, or adds it to what stands there if
/// <c>accumulate</c> is set: so that a residual unit's two gradients need no addition of their own.
/// </para>
/// <para>
/// A program that saves memory calls forward operations a second time in its backward pass, with the same input: the same
/// bits come of it. So dropout draws one mask in a step, however often it is called.
/// </para>
/// </remarks>
public abstract class TrainingPass
{
    /// <summary>Places the input images in a slot.</summary>
    /// <param name="to">The slot.</param>
    public abstract void Input(int to);

    /// <summary>Convolution, with its bias.</summary>
    /// <param name="layer">Index of the <see cref="Dsl.Conv2d"/>.</param>
    /// <param name="from">Slot of the input.</param>
    /// <param name="to">Slot of the result; another than the input's.</param>
    public abstract void Conv(int layer, int from, int to);

    /// <summary>
    /// A factor and a shift per channel: batch normalization with the statistics of the batch, which also move the running ones,
    /// or with the running ones if it is frozen, or a scale layer; then, in this order and each optional, a ReLU, an addition,
    /// a ReLU. Called a second time in a step, it normalizes with the statistics of the first time, and moves nothing.
    /// </summary>
    /// <param name="layer">Index of the <see cref="Dsl.BatchNorm"/> or <see cref="Dsl.Scale"/>.</param>
    /// <param name="from">Slot of the input.</param>
    /// <param name="to">Slot of the result; another than the input's.</param>
    /// <param name="then">The epilogue; without norms and without a second slot.</param>
    public abstract void Norm(int layer, int from, int to, Epilogue then = default);

    /// <summary>A ReLU, an addition, a ReLU, where there is no batch normalization to fuse them into.</summary>
    /// <param name="from">Slot of the input.</param>
    /// <param name="to">Slot of the result; another than the input's.</param>
    /// <param name="then">The epilogue; without norms and without a second slot.</param>
    public abstract void Apply(int from, int to, Epilogue then);

    /// <summary>Fully connected layer.</summary>
    /// <param name="layer">Index of the <see cref="Dsl.Dense"/>.</param>
    /// <param name="from">Slot of the input vector.</param>
    /// <param name="to">Slot of the result.</param>
    public abstract void Dense(int layer, int from, int to);

    /// <summary>Max, average or global average pooling, sigmoid, flattening, dropout, stochastic depth or a zero-padded shortcut: what has no parameters.</summary>
    /// <param name="layer">Index of the layer.</param>
    /// <param name="from">Slot of the input.</param>
    /// <param name="to">Slot of the result; another than the input's.</param>
    public abstract void Transform(int layer, int from, int to);

    /// <summary>
    /// The product of two values of one shape, element by element; forward, of two branches, and backward, of a gradient and the
    /// other branch.
    /// </summary>
    /// <param name="left">Slot of a factor.</param>
    /// <param name="right">Slot of the other; may be the same.</param>
    /// <param name="to">Slot of the result; another than the factors'.</param>
    /// <param name="accumulate">Whether to add to what stands in <paramref name="to"/>.</param>
    public abstract void Multiply(int left, int right, int to, bool accumulate = false);

    /// <summary>The loss that is attached to an output: its gradient, of zeros where none is.</summary>
    /// <param name="output">Number of the output in <see cref="Dsl.NetworkDefinition.Outputs"/>.</param>
    /// <param name="from">Slot of the output's value.</param>
    /// <param name="to">Slot of the gradient by it; another than the value's.</param>
    public abstract void Loss(int output, int from, int to);

    /// <summary>Backward through a convolution: the gradients of its weight and bias and, if it is needed, of its input.</summary>
    /// <param name="layer">Index of the <see cref="Dsl.Conv2d"/>.</param>
    /// <param name="input">Slot of the convolution's input.</param>
    /// <param name="gradient">Slot of the gradient of its result.</param>
    /// <param name="to">Slot of the gradient of its input; null if it is not needed.</param>
    /// <param name="accumulate">Whether to add to what stands in <paramref name="to"/>.</param>
    public abstract void ConvBackward(int layer, int input, int gradient, int? to, bool accumulate = false);

    /// <summary>
    /// Backward through a normalization or scale and the ReLU after it (or after the addition after it): the gradients of
    /// its factor and shift, unless they are constants, and of its input.
    /// </summary>
    /// <param name="layer">Index of the <see cref="Dsl.BatchNorm"/> or <see cref="Dsl.Scale"/>.</param>
    /// <param name="input">Slot of the layer's input; a scale by constants does not read it.</param>
    /// <param name="rectified">
    /// Slot of the rectified value, where a ReLU is fused; <paramref name="gradient"/> is then first set to zero, in place,
    /// where this is not positive. What remains there is also the gradient of the addend.
    /// </param>
    /// <param name="gradient">Slot of the gradient of the result.</param>
    /// <param name="to">Slot of the gradient of its input; may be the gradient's own, or null if it is not needed.</param>
    /// <param name="accumulate">Whether to add to what stands in <paramref name="to"/>.</param>
    public abstract void NormBackward(int layer, int input, int? rectified, int gradient, int? to, bool accumulate = false);

    /// <summary>Backward through a ReLU by itself: sets the gradient to zero, in place, where the rectified value is not positive.</summary>
    /// <param name="rectified">Slot of the rectified value.</param>
    /// <param name="gradient">Slot of the gradient.</param>
    public abstract void ReluBackward(int rectified, int gradient);

    /// <summary>Backward through a fully connected layer.</summary>
    /// <param name="layer">Index of the <see cref="Dsl.Dense"/>.</param>
    /// <param name="input">Slot of the layer's input.</param>
    /// <param name="gradient">Slot of the gradient of its result.</param>
    /// <param name="to">Slot of the gradient of its input; null if it is not needed.</param>
    /// <param name="accumulate">Whether to add to what stands in <paramref name="to"/>.</param>
    public abstract void DenseBackward(int layer, int input, int gradient, int? to, bool accumulate = false);

    /// <summary>Backward through what <see cref="Transform"/> did.</summary>
    /// <param name="layer">Index of the layer.</param>
    /// <param name="input">Slot of the layer's input; only max pooling and the sigmoid read it.</param>
    /// <param name="gradient">Slot of the gradient of its result.</param>
    /// <param name="to">Slot of the gradient of its input; another than the gradient's.</param>
    /// <param name="accumulate">Whether to add to what stands in <paramref name="to"/>.</param>
    public abstract void TransformBackward(int layer, int input, int gradient, int to, bool accumulate = false);

    /// <summary>Copies a gradient, or adds it.</summary>
    /// <param name="from">The slot that is read.</param>
    /// <param name="to">The slot that is written.</param>
    /// <param name="accumulate">Whether to add to what stands in <paramref name="to"/>.</param>
    public abstract void Pass(int from, int to, bool accumulate = false);
}
