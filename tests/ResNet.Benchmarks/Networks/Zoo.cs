using ResNet.Dsl;
using ResNet.Runtime;

namespace ResNet.Benchmarks.Networks;

[ResNet(Depth = 18)]
sealed partial class ResNet18;

[ResNet(Depth = 50)]
sealed partial class ResNet50;

[ResNet(Depth = 50, Groups = 32, WidthPerGroup = 4)]
sealed partial class ResNeXt50;

[CifarResNet(Depth = 20)]
sealed partial class CifarResNet20;

[CifarResNet(Depth = 110)]
sealed partial class CifarResNet110;

/// <summary>Networks of the papers by name.</summary>
static class Zoo
{
    public static Network Create(string name, Device device) => name switch
    {
        nameof(ResNet18) => new ResNet18(device),
        nameof(ResNet50) => new ResNet50(device),
        nameof(ResNeXt50) => new ResNeXt50(device),
        nameof(CifarResNet20) => new CifarResNet20(device),
        nameof(CifarResNet110) => new CifarResNet110(device),
        _ => throw new ArgumentException($"There is no network {name}", nameof(name)),
    };

    /// <summary>Random images, −1 to 1.</summary>
    public static float[] Images(Network network, int batch)
    {
        var random = new Random(1);
        var values = new float[batch * (int)network.Definition.Input.Elements];
        foreach (ref var value in values.AsSpan()) value = 2 * random.NextSingle() - 1;
        return values;
    }
}
