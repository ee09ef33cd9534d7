namespace ResNet.Planning.Programs;

/// <summary>The forward operations of the runtime's passes, by name.</summary>
enum ForwardOperation
{
    Input,
    Conv,
    Dense,
    MaxPool,
    AveragePool,
    GlobalAveragePool,
    Sigmoid,
    Flatten,
    Apply,
    Multiply,
    ZeroPad,
    Tap,
    Output,

    // Of training alone.
    Norm,
    Transform,
    Loss,
}

/// <summary>The backward operations of the runtime's training pass, by name.</summary>
enum BackwardOperation
{
    ConvBackward,
    NormBackward,
    ReluBackward,
    DenseBackward,
    TransformBackward,
    Multiply,
    Pass,
}
