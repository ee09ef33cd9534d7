using ResNet.Dsl;

namespace ResNet.Runtime.Detection;

/// <summary>The outputs of a detector's trunk, of one image or of a batch.</summary>
/// <param name="maps">batch × channels × rows × columns; may lie in the device's memory.</param>
/// <param name="objectness">batch × anchors × rows × columns.</param>
/// <param name="deltas">batch × 4·anchors × rows × columns.</param>
sealed class TrunkOutputs(Tensor maps, Tensor objectness, Tensor deltas) : IDisposable
{
    /// <param name="outputs">The trunk's outputs by their names.</param>
    public TrunkOutputs(IReadOnlyDictionary<string, Tensor> outputs)
        : this(outputs[DetectorDefinition.FeaturesOutput], outputs[DetectorDefinition.ObjectnessOutput], outputs[DetectorDefinition.DeltasOutput])
    {
    }

    /// <summary>The feature maps: batch × channels × rows × columns.</summary>
    public Tensor Maps { get; set; } = maps;

    /// <summary>Number of images.</summary>
    public int Images => Maps.Shape[0];

    /// <summary>Shape of an image's feature maps.</summary>
    public Shape Shape => new(Maps.Shape[1], Maps.Shape[2], Maps.Shape[3]);

    /// <summary>The logits of an image's anchors.</summary>
    public Span<float> Objectness(int image) => objectness[image];

    /// <summary>The box corrections of an image's anchors.</summary>
    public Span<float> Deltas(int image) => deltas[image];

    /// <summary>Zeros of the same shapes: the gradients by the outputs, to be added up.</summary>
    public TrunkOutputs Gradients() => new(Tensor.OnDevice(Maps.Shape), new(objectness.Shape), new(deltas.Shape));

    /// <summary>The values as the targets of a training step, which they are supplied gradients of.</summary>
    public Dictionary<string, LossTarget> AsTargets() => new()
    {
        [DetectorDefinition.FeaturesOutput] = new() { Values = Maps.Memory },
        [DetectorDefinition.ObjectnessOutput] = new() { Values = objectness.Memory },
        [DetectorDefinition.DeltasOutput] = new() { Values = deltas.Memory },
    };

    /// <summary>Frees feature maps in a device's memory.</summary>
    public void Dispose() => Maps.Release();
}
