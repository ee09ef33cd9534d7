namespace ResNet.Dsl.Tests;

/// <summary>Small networks over an input of 3×32×32.</summary>
static class Declare
{
    public static NetworkDefinition Network(Action<NetworkBuilder> layers) => Builder(layers).Build("net");

    public static NetworkBuilder Builder(Action<NetworkBuilder> layers)
    {
        var net = new NetworkBuilder().Input(3, 32, 32);
        layers(net);
        return net;
    }

    public static IEnumerable<string> Names(Action<NetworkBuilder> layers) =>
        Network(layers).Layers().Where(layer => layer.Parameters.Count > 0).Select(layer => layer.Name);

    /// <summary>Asserts that the declaration fails so, on that argument, with the words in its text.</summary>
    public static void Fails(string id, string? argument, Action declare, params string[] words)
    {
        var error = Assert.Throws<NetworkException>(declare);
        Assert.Equal((id, argument), (error.Id, error.Argument));
        foreach (var word in words) Assert.Contains(word, error.Message, StringComparison.Ordinal);
    }

    public static void LayersFail(string id, string? argument, Action<NetworkBuilder> layers, params string[] words) =>
        Fails(id, argument, () => Builder(layers), words);
}
