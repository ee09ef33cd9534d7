using ResNet.Dsl;
using ResNet.Planning.Programs;

namespace ResNet.Planning.Lowering;

/// <summary>A layer, repeat or residual unit in the order of execution, with all that its place in the tree says.</summary>
/// <param name="Layer">Anything but a sequence.</param>
/// <param name="Index">Index of its first layer in <see cref="NetworkDefinition.Layers"/>.</param>
/// <param name="Scope">Scope of its name.</param>
/// <param name="Unit">Scope of the unit around it.</param>
/// <param name="Stage">Part of the network that it belongs to.</param>
sealed record StreamItem(Layer Layer, int Index, string Scope, string Unit, string Stage)
{
    public string Name => FullName.Join(Scope, Layer.Name);

    public LayerReference Site => new(Layer, Index, Name, Unit);
}

/// <summary>Reads a tree as a stream: sequences only name things, so they dissolve.</summary>
static class LayerStream
{
    /// <summary>The layers of a branch or body.</summary>
    public static List<StreamItem> Of(Sequence sequence, int index, string scope, string unit, string stage)
    {
        var items = new List<StreamItem>();
        Visit(sequence, new(sequence, index, scope, unit, stage), items);
        return items;
    }

    /// <summary>The layers of a network, each under the stage that its place at the top level puts it in.</summary>
    public static List<StreamItem> Of(NetworkDefinition network)
    {
        var items = new List<StreamItem>();
        var index = 0;
        foreach (var (layer, stage) in Stages.Of(network.Body.Layers))
            index = Visit(layer, new(layer, index, network.Body.Name, network.Body.Name, stage), items);
        return items;
    }

    static int Visit(Layer layer, StreamItem place, List<StreamItem> items)
    {
        if (layer is not Sequence sequence)
        {
            items.Add(place with { Layer = layer });
            return place.Index + (int)layer.LayerCount;
        }
        var index = place.Index;
        var scope = FullName.Join(place.Scope, sequence.Name);
        // The scope of a shortcut is no unit: its layers are the unit's.
        var unit = sequence.Name.Length == 0 || sequence.Name == Shortcuts.Scope ? place.Unit : scope;
        foreach (var child in sequence.Layers)
            index = Visit(child, place with { Index = index, Scope = scope, Unit = unit }, items);
        return index;
    }
}
