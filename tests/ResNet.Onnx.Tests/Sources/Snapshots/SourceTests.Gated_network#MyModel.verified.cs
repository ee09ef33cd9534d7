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
    static void Define(NetworkBuilder net) => net.Input(3, 16, 16)
        .Conv(16, 3, padding: 1, name: "conv1").BatchNorm(name: "bn1").Relu()
        .Residual(
            r => r
                .Conv(16, 3, padding: 1, name: "conv1").BatchNorm(name: "bn2").Relu()
                .Conv(16, 3, padding: 1, name: "conv2"),
            s => s
                .Residual(r => r
                    .Conv(16, 1, bias: true, name: "gate").Sigmoid().Scale(factor: -1).Scale(factor: 1, shift: 1),
                    activation: Activation.None, name: "", merge: Merge.Product),
            activation: Activation.None, name: "layer1.0")
        .Repeat(2, n => n
            .Residual(
                r => r
                    .BatchNorm(name: "bn1").Relu()
                    .Conv(16, 3, padding: 1, name: "conv1").BatchNorm(name: "bn2").Relu()
                    .Conv(16, 3, padding: 1, name: "conv2"),
                s => s
                    .Residual(r => r
                        .Conv(16, 1, bias: true, name: "gate").Sigmoid().Scale(factor: -1).Scale(factor: 1, shift: 1),
                        activation: Activation.None, name: "", merge: Merge.Product),
                activation: Activation.None, name: ""), name: "layer1", first: 1)
        .BatchNorm(name: "layer2.0.bn1").Relu()
        .Residual(r => r
            .Conv(32, 3, stride: 2, padding: 1, name: "conv1").BatchNorm(name: "bn2").Relu()
            .Conv(32, 3, padding: 1, name: "conv2"),
            Shortcut.ZeroPad, activation: Activation.None, name: "layer2.0")
        .Repeat(2, n => n
            .Residual(
                r => r
                    .BatchNorm(name: "bn1").Relu()
                    .Conv(32, 3, padding: 1, name: "conv1").BatchNorm(name: "bn2").Relu()
                    .Conv(32, 3, padding: 1, name: "conv2"),
                s => s
                    .Residual(r => r
                        .Conv(32, 1, bias: true, name: "gate").Sigmoid().Scale(factor: -1).Scale(factor: 1, shift: 1),
                        activation: Activation.None, name: "", merge: Merge.Product),
                activation: Activation.None, name: ""), name: "layer2", first: 1)
        .BatchNorm(name: "layer3.0.bn1").Relu()
        .Residual(r => r
            .Conv(64, 3, stride: 2, padding: 1, name: "conv1").BatchNorm(name: "bn2").Relu()
            .Conv(64, 3, padding: 1, name: "conv2"),
            Shortcut.ZeroPad, activation: Activation.None, name: "layer3.0")
        .Repeat(2, n => n
            .Residual(
                r => r
                    .BatchNorm(name: "bn1").Relu()
                    .Conv(64, 3, padding: 1, name: "conv1").BatchNorm(name: "bn2").Relu()
                    .Conv(64, 3, padding: 1, name: "conv2"),
                s => s
                    .Residual(r => r
                        .Conv(64, 1, bias: true, name: "gate").Sigmoid().Scale(factor: -1).Scale(factor: 1, shift: 1),
                        activation: Activation.None, name: "", merge: Merge.Product),
                activation: Activation.None, name: ""), name: "layer3", first: 1)
        .BatchNorm(name: "bn2").Relu()
        .GlobalAveragePool()
        .Dense(10, name: "fc");
}
