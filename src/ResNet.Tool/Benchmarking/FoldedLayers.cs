using System.Globalization;
using ResNet.Dsl;

namespace ResNet.Tool.Benchmarking;

/// <summary>
/// A network's layers, those of units that repeat folded into one: <c>layer3.1…5.conv2</c>. Their number does not grow with the depth.
/// </summary>
sealed class FoldedLayers
{
    readonly Dictionary<int, FoldedLayer> _byIndex = [];

    public FoldedLayers(NetworkDefinition network) => Visit(network.Body, "", [0]);

    /// <summary>The fold that a layer of the unrolled network belongs to.</summary>
    public FoldedLayer this[int layer] => _byIndex[layer];

    /// <summary>Folds a layer.</summary>
    /// <param name="layer">The layer, which may be a container.</param>
    /// <param name="scope">The start of its name.</param>
    /// <param name="starts">Indices of its first unrolled layer, one for each time that it is repeated.</param>
    /// <returns>Number of layers that it is unrolled to.</returns>
    int Visit(Layer layer, string scope, int[] starts)
    {
        switch (layer)
        {
            case Sequence sequence:
                return VisitAll(sequence.Layers, Join(scope, sequence.Name), starts);
            case Residual residual:
                return VisitAll([residual.Main, residual.Shortcut, residual.Activation], Join(scope, residual.Name), starts);
            case Repeat repeat:
                var size = Size(repeat.Body);
                var (first, last) = (Number(repeat.First), Number(repeat.First + repeat.Count - 1));
                Visit(repeat.Body, Join(Join(scope, repeat.Name), first == last ? first : $"{first}…{last}"),
                    [.. starts.SelectMany(start => Enumerable.Range(0, repeat.Count).Select(i => start + i * size))]);
                return repeat.Count * size;
            case Branch branch:
                return Visit(branch.Content, scope, starts);
            default:
                var folded = new FoldedLayer(Join(scope, layer.Name), starts[0], starts.Length);
                foreach (var index in starts) _byIndex.Add(index, folded);
                return 1;
        }
    }

    int VisitAll(IEnumerable<Layer> layers, string scope, int[] starts)
    {
        var size = 0;
        foreach (var layer in layers) size += Visit(layer, scope, [.. starts.Select(start => start + size)]);
        return size;
    }

    static int Size(Layer layer) => layer switch
    {
        Sequence sequence => sequence.Layers.Sum(Size),
        Residual residual => Size(residual.Main) + Size(residual.Shortcut) + Size(residual.Activation),
        Repeat repeat => repeat.Count * Size(repeat.Body),
        Branch branch => Size(branch.Content),
        _ => 1,
    };

    static string Join(string scope, string name) => scope.Length == 0 ? name : name.Length == 0 ? scope : $"{scope}.{name}";

    static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A layer, or the same layer of several units.</summary>
/// <param name="Name">Full name, with the range of the units: <c>layer3.1…5.conv2</c>.</param>
/// <param name="First">Index of the first of them in the unrolled network.</param>
/// <param name="Count">Their number.</param>
sealed record FoldedLayer(string Name, int First, int Count);
