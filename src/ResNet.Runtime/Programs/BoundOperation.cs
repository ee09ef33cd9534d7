using ResNet.Dsl;

namespace ResNet.Runtime.Programs;

/// <summary>One operation of a program, over values: all that a device has to know to choose and prepare a kernel.</summary>
/// <param name="Operation">Its name in the times that a device takes.</param>
abstract record BoundOperation(Operation Operation);

/// <summary>Places the input images.</summary>
sealed record ReadInput(BoundValue Output) : BoundOperation(new Operation("input"));

/// <summary>A convolution, or a dense layer, and what follows it.</summary>
sealed record Convolve(LayerInstance Row, BoundValue Input, BoundValue Output, BoundEpilogue Then) : BoundOperation(Operation.Of(Row))
{
    /// <summary>Sizes of the layer.</summary>
    public ConvGeometry Geometry { get; } = ConvGeometry.Of(Row);
}

/// <summary>Batch normalization, or a scale layer, of a training step and what follows it.</summary>
/// <param name="Row">The layer.</param>
/// <param name="Input">The value that is normalized.</param>
/// <param name="Output">The result.</param>
/// <param name="Then">The epilogue.</param>
/// <param name="Again">Whether the step has been through the layer before: its statistics hold, and nothing moves.</param>
sealed record Normalize(LayerInstance Row, BoundValue Input, BoundValue Output, BoundEpilogue Then, bool Again) : BoundOperation(Operation.Of(Row));

/// <summary>An epilogue that is not fused into another operation.</summary>
sealed record ApplyEpilogue(Operation Operation, BoundValue Input, BoundValue Output, BoundEpilogue Then) : BoundOperation(Operation);

/// <summary>A layer that has no parameters and is no function of single elements alone, such as pooling.</summary>
sealed record Transform(LayerInstance Row, BoundValue Input, BoundValue Output) : BoundOperation(Operation.Of(Row));

/// <summary>Offers a value to the caller.</summary>
/// <param name="Key">The key by which the caller asks for it: the index of the <see cref="Tap"/>.</param>
/// <param name="Name">Name of the operation.</param>
/// <param name="Value">The value.</param>
sealed record OfferTap(int Key, string Name, BoundValue Value) : BoundOperation(new Operation(Name, Key));

/// <summary>The product of two values, element by element; added to what the result holds if <paramref name="Accumulate"/> is set.</summary>
sealed record MultiplyValues(BoundValue Left, BoundValue Right, BoundValue Output, bool Accumulate) : BoundOperation(new Operation("product"));

/// <summary>Hands out a result.</summary>
/// <param name="Output">Its number in <see cref="NetworkDefinition.Outputs"/>.</param>
/// <param name="Value">The value.</param>
sealed record WriteOutput(int Output, BoundValue Value) : BoundOperation(new Operation("output"));

/// <summary>The loss of an output, and its gradient.</summary>
/// <param name="Output">Number of the output in <see cref="NetworkDefinition.Outputs"/>.</param>
/// <param name="Logits">The value of the output.</param>
/// <param name="Gradient">The gradient by it.</param>
sealed record EvaluateLoss(int Output, BoundValue Logits, BoundValue Gradient) : BoundOperation(new Operation("loss"));

/// <summary>The gradients of a convolution's or dense layer's parameters and, unless <paramref name="Target"/> is null, of its input.</summary>
sealed record ConvolveBackward(LayerInstance Row, BoundValue Input, BoundValue Gradient, BoundValue? Target, bool Accumulate)
    : BoundOperation(Operation.Of(Row, OperationKind.WeightGradient))
{
    /// <summary>Sizes of the layer.</summary>
    public ConvGeometry Geometry { get; } = ConvGeometry.Of(Row);
}

/// <summary>Backward through a batch normalization or scale layer and, unless <paramref name="Rectified"/> is null, the ReLU after it.</summary>
/// <param name="Row">The layer.</param>
/// <param name="Input">The value that the layer read; null where no gradient depends on it.</param>
/// <param name="Rectified">The rectified value.</param>
/// <param name="Gradient">The gradient of the result.</param>
/// <param name="Target">The gradient of the input; null if nothing needs it.</param>
/// <param name="Accumulate">Whether to add to the target.</param>
sealed record NormalizeBackward(LayerInstance Row, BoundValue? Input, BoundValue? Rectified, BoundValue Gradient, BoundValue? Target, bool Accumulate)
    : BoundOperation(Operation.Of(Row, OperationKind.InputGradient));

/// <summary>Backward through a ReLU by itself, in place.</summary>
sealed record RectifyBackward(BoundValue Rectified, BoundValue Gradient) : BoundOperation(new Operation("ReLU", Kind: OperationKind.InputGradient));

/// <summary>Backward through a <see cref="Transform"/>.</summary>
/// <param name="Row">The layer.</param>
/// <param name="Input">The value that the layer read; null where its gradient does not depend on it.</param>
/// <param name="Gradient">The gradient of the result.</param>
/// <param name="Target">The gradient of the input.</param>
/// <param name="Accumulate">Whether to add to the target.</param>
sealed record TransformBackward(LayerInstance Row, BoundValue? Input, BoundValue Gradient, BoundValue Target, bool Accumulate)
    : BoundOperation(Operation.Of(Row, OperationKind.InputGradient));

/// <summary>Copies a gradient, or adds it.</summary>
sealed record PassGradient(BoundValue From, BoundValue To, bool Accumulate) : BoundOperation(new Operation("addition", Kind: OperationKind.InputGradient));
