namespace ResNet.Runtime.Programs;

/// <summary>
/// The operations that a compiled forward pass is written in. Generated code calls them in order; each device implements
/// them. Layers are named by their index in <see cref="Dsl.NetworkDefinition.Layers"/>, activations by the slot of the
/// arena that holds them. Element-wise operations after an operation are fused into it as its <see cref="Epilogue"/>.
/// The sequence of calls of one network never varies.
/// </summary>
public abstract class InferencePass
{
    /// <summary>Places the input images in a slot.</summary>
    /// <param name="to">The slot.</param>
    public abstract void Input(int to);

    /// <summary>Convolution.</summary>
    /// <param name="layer">Index of the <see cref="Dsl.Conv2d"/>.</param>
    /// <param name="from">Slot of the input.</param>
    /// <param name="to">Slot of the result; another than the input's.</param>
    /// <param name="then">The epilogue, applied before the result is stored.</param>
    public abstract void Conv(int layer, int from, int to, Epilogue then = default);

    /// <summary>Fully connected layer.</summary>
    /// <param name="layer">Index of the <see cref="Dsl.Dense"/>.</param>
    /// <param name="from">Slot of the input vector.</param>
    /// <param name="to">Slot of the result; another than the input's.</param>
    public abstract void Dense(int layer, int from, int to);

    /// <summary>Maximum over windows.</summary>
    /// <param name="layer">Index of the <see cref="Dsl.MaxPool"/>.</param>
    /// <param name="from">Slot of the input.</param>
    /// <param name="to">Slot of the result; another than the input's.</param>
    public abstract void MaxPool(int layer, int from, int to);

    /// <summary>Mean over windows.</summary>
    /// <param name="layer">Index of the <see cref="Dsl.AveragePool"/>.</param>
    /// <param name="from">Slot of the input.</param>
    /// <param name="to">Slot of the result; another than the input's.</param>
    public abstract void AveragePool(int layer, int from, int to);

    /// <summary>Mean of each feature map.</summary>
    /// <param name="layer">Index of the <see cref="Dsl.GlobalAveragePool"/>.</param>
    /// <param name="from">Slot of the input.</param>
    /// <param name="to">Slot of the result; another than the input's.</param>
    public abstract void GlobalAveragePool(int layer, int from, int to);

    /// <summary>1 / (1 + exp(-x)) of each value.</summary>
    /// <param name="layer">Index of the <see cref="Dsl.Sigmoid"/>.</param>
    /// <param name="from">Slot of the input.</param>
    /// <param name="to">Slot of the result; another than the input's.</param>
    public abstract void Sigmoid(int layer, int from, int to);

    /// <summary>Feature maps as one vector: map after map, each row after row.</summary>
    /// <param name="layer">Index of the <see cref="Dsl.Flatten"/>.</param>
    /// <param name="from">Slot of the input.</param>
    /// <param name="to">Slot of the result; another than the input's.</param>
    public abstract void Flatten(int layer, int from, int to);

    /// <summary>The product of two values of one shape, element by element.</summary>
    /// <param name="left">Slot of a factor.</param>
    /// <param name="right">Slot of the other; may be the same.</param>
    /// <param name="to">Slot of the result; another than the factors'.</param>
    public abstract void Multiply(int left, int right, int to);

    /// <summary>An epilogue on its own, where there is nothing to fuse it into.</summary>
    /// <param name="from">Slot of the input.</param>
    /// <param name="to">Slot of the result; another than the input's.</param>
    /// <param name="then">The epilogue.</param>
    public abstract void Apply(int from, int to, Epilogue then);

    /// <summary>A zero-padded shortcut that no addition takes in.</summary>
    /// <param name="layer">Index of the <see cref="Dsl.ZeroPad"/>.</param>
    /// <param name="from">Slot of the input.</param>
    /// <param name="to">Slot of the result; another than the input's.</param>
    public abstract void ZeroPad(int layer, int from, int to);

    /// <summary>Offers a value as the features of a tap, for a caller that asked for them.</summary>
    /// <param name="layer">Index of the <see cref="Dsl.Tap"/>.</param>
    /// <param name="from">Slot of the value.</param>
    public abstract void Tap(int layer, int from);

    /// <summary>Hands out a result.</summary>
    /// <param name="output">Its number in <see cref="Dsl.NetworkDefinition.Outputs"/>.</param>
    /// <param name="from">Slot of the value.</param>
    public abstract void Output(int output, int from);
}
