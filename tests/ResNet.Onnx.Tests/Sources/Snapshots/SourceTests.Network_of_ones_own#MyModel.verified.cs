using ResNet.Dsl;

/// <summary>The network of the ONNX model model.onnx.</summary>
/// <remarks>
/// <para>Operator set 17, written by ResNet.Onnx. The weights are in my-model.safetensors, for Load("my-model.safetensors").</para>
/// <para>The model does not name its classes.</para>
/// <para>Preprocessing: the model's metadata, kept with the weights.</para>
/// </remarks>
[Network]
public partial class MyModel
{
    static void Define(NetworkBuilder net) => net.Input(3, 12, 12)
        .Conv(8, 3, padding: 1, bias: true, name: "features.0").Relu()
        .MaxPool(2, stride: 2)
        .Conv(8, 1, groups: 2, name: "features.3").BatchNorm(eps: 0.001, name: "features.4").Sigmoid()
        .AveragePool(3, stride: 1, padding: 1).Scale(name: "gain").Scale(name: "scale1").Scale(factor: 0.5)
        .Scale(factor: 1, shift: 0.25)
        .Residual(r => r.Conv(8, 3, padding: 1, name: "expand"),
            activation: Activation.None, name: "se", merge: Merge.Product)
        .Flatten()
        .Dense(6, name: "fc").Relu()
        .Dense(4, bias: false, name: "fc2");
}
