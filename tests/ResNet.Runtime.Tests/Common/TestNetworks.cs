using ResNet.Dsl;

namespace ResNet.Runtime.Tests;

/// <summary>Networks and values that several tests use.</summary>
static class TestNetworks
{
    public static NetworkDefinition Build(int channels, int height, int width, Action<NetworkBuilder> declare)
    {
        var net = new NetworkBuilder().Input(channels, height, width);
        declare(net);
        return net.Build("test");
    }

    /// <summary>The CIFAR-10 ResNet of 6n + 2 layers (He et al. 2015, section 4.2), named as the published weights are.</summary>
    public static NetworkDefinition CifarResNet(int n) => Build(3, 32, 32, net =>
    {
        net.Conv(16, 3, padding: 1).BatchNorm().Relu();
        for (var stage = 0; stage < 3; stage++)
        {
            var (channels, first) = (16 << stage, true);
            net.Repeat(n, unit =>
            {
                var stride = first && channels > 16 ? 2 : 1;
                first = false;
                unit.Residual(r => r.Conv(channels, 3, stride, 1).BatchNorm().Relu().Conv(channels, 3, padding: 1).BatchNorm(), Shortcut.ZeroPad);
            });
        }
        net.GlobalAveragePool().Dense(10, name: "linear");
    });

    /// <summary>Irregular values in [-1, 1) that every language computes alike, exact in single precision.</summary>
    public static float[] Pattern(int count, int offset = 0)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++) values[i] = ((i + offset) * 7919 % 1009 - 504) / 512f;
        return values;
    }
}
