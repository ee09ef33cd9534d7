namespace ResNet.Dsl;

/// <summary>A whole network: what the compiler compiles, the reference interpreter executes and the summary prints.</summary>
/// <param name="Name">Name of the network, for people.</param>
/// <param name="Input">Shape of one input image.</param>
/// <param name="Body">The layers from the input to the logits.</param>
public sealed record NetworkDefinition(string Name, Shape Input, Sequence Body)
{
    /// <summary>Shape of the result of one image.</summary>
    public Shape Output => ShapeInference.Output(Body, Input);

    /// <summary>Every layer of the unrolled network, in the order of execution.</summary>
    public IReadOnlyList<LayerInstance> Layers() => LayerTable.Unroll(this);
}
