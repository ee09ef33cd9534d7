using ResNet.Dsl;

namespace ResNet.Generators.Tests.Emitting;

/// <summary>Networks that tests share.</summary>
static class Nets
{
    public static NetworkDefinition Build(Func<NetworkBuilder, NetworkBuilder> declare, string name = "Net") =>
        declare(new NetworkBuilder()).Build(name);
}
