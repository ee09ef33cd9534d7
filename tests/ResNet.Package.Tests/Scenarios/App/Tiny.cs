using ResNet.Dsl;

// C# 9 has no namespaces without braces.
#pragma warning disable IDE0161
namespace Shop
{
    [Network]
    public sealed partial class Tiny
    {
        static void Define(NetworkBuilder net) => net
            .Input(3, 32, 32)
            .Conv(16, kernel: 3, padding: 1).BatchNorm().Relu()
            .Repeat(3, n => n.Residual(r => r.Conv(16, 3, padding: 1).BatchNorm().Relu().Conv(16, 3, padding: 1).BatchNorm()))
            .Residual(r => r.Conv(32, 3, stride: 2, padding: 1).BatchNorm().Relu().Conv(32, 3, padding: 1).BatchNorm(), Shortcut.Projection)
            .GlobalAveragePool().Dense(10);
    }
}
