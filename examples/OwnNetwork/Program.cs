using ResNet.Dsl;
using ResNet.Runtime;

// A network of one's own: declared in the fluent DSL, read and checked by the compiler.
// Change a stride or a channel count so that a shortcut no longer fits, and see the error under the call.

using var net = new Tiny();
Console.WriteLine(NetworkSummary.Of(net.Definition));

// Untrained, it has He et al.'s random initialization; it runs all the same.
var images = new Tensor(2, Tiny.InputChannels, Tiny.InputHeight, Tiny.InputWidth);
var logits = net.Predict(images);
Console.WriteLine($"{images} in, {logits} out");

var features = net.Features(images, "stage1");
Console.WriteLine($"stage1 is {features["stage1"]}");

[Network]
public partial class Tiny
{
    static void Define(NetworkBuilder net) => net
        .Input(3, 32, 32)
        .Conv(16, kernel: 3, padding: 1).BatchNorm().Relu()
        .Repeat(3, n => n.Residual(r => r
            .Conv(16, kernel: 3, padding: 1).BatchNorm().Relu()
            .Conv(16, kernel: 3, padding: 1).BatchNorm()))
        .Tap("stage1")
        .Residual(r => r
            .Conv(32, kernel: 3, stride: 2, padding: 1).BatchNorm().Relu()
            .Conv(32, kernel: 3, padding: 1).BatchNorm(), Shortcut.Projection)
        .GlobalAveragePool()
        .Dense(10);
}
