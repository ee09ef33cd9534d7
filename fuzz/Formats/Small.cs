using ResNet.Dsl;

namespace ResNet.Fuzz.Formats;

/// <summary>A network of a few hundred numbers, with a unit, a shortcut and a repeat.</summary>
static class Small
{
    public static Network Network()
    {
        var net = new NetworkBuilder().Input(3, 8, 8);
        net.Conv(4, 3, padding: 1).BatchNorm().Relu();
        net.Repeat(2, unit => unit.Residual(r => r.Conv(4, 3, padding: 1).BatchNorm().Relu().Conv(4, 3, padding: 1).BatchNorm()));
        net.Residual(r => r.Conv(8, 3, stride: 2, padding: 1).BatchNorm(), Shortcut.Projection).MaxPool(2, 2).GlobalAveragePool().Dense(2);
        return Runtime.Network.Create(net.Build("small"));
    }
}
