using ResNet.Dsl;

namespace ResNet.Generators.Emitting;

/// <summary>The layer table at the head of the generated code; repeats are folded, so that it does not grow with depth.</summary>
static class LayerTableText
{
    public static IEnumerable<string> Lines(NetworkDefinition network) => [network.Name];
}
