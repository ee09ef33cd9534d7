using System.Globalization;

namespace ResNet.Dsl;

/// <summary>A network as a table of its layers, their shapes, parameters and cost.</summary>
public sealed class NetworkSummary
{
    readonly NetworkDefinition _network;

    NetworkSummary(NetworkDefinition network)
    {
        _network = network;
        Rows = network.Layers().Select(layer => new SummaryRow(layer.Index, layer.Name, LayerText.Describe(layer.Layer), layer.Output,
            layer.Parameters.Where(parameter => parameter.IsTrained).Sum(parameter => parameter.Elements), layer.MultiplyAdds)).ToList();
        var compact = new List<SummaryRow>();
        Fold(network.Body, network.Input, "", 0, compact);
        CompactRows = compact;
    }

    /// <summary>Summarizes a network.</summary>
    public static NetworkSummary Of(NetworkDefinition network) => new(network ?? throw new ArgumentNullException(nameof(network)));

    /// <summary>Every layer in the order of execution.</summary>
    public IReadOnlyList<SummaryRow> Rows { get; }

    /// <summary>
    /// One row per unit, in the manner of He et al. 2015, Table 1: units that repeat are a single row, and activations go
    /// without saying. The number of rows does not grow with the depth of the stages.
    /// </summary>
    public IReadOnlyList<SummaryRow> CompactRows { get; }

    /// <summary>Number of trained parameters.</summary>
    public long Parameters => Rows.Sum(row => row.Parameters);

    /// <summary>Multiply-adds per image, of convolutions and dense layers.</summary>
    public long MultiplyAdds => Rows.Sum(row => row.MultiplyAdds);

    /// <summary>Every layer as a plain text table.</summary>
    public override string ToString() => ToString(compact: false);

    /// <summary>The table as plain text, its columns aligned, its lines ended by <c>\n</c>.</summary>
    /// <param name="compact">Whether to print <see cref="CompactRows"/> instead of <see cref="Rows"/>.</param>
    public string ToString(bool compact)
    {
        var lines = (compact ? CompactRows : Rows)
            .Select(row => Cells(row.Index.ToString(CultureInfo.InvariantCulture), row.Name, row.Kind, row.Output.ToString(), row.Parameters, row.MultiplyAdds))
            .Prepend(["#", "layer", "kind", "output", "parameters", "multiply-adds"])
            .Append(Cells("", "total", "", "", Parameters, MultiplyAdds));
        return $"{_network.Name}: {_network.Input} → {_network.Output}\n\n" + TextTable.Align([.. lines], rightAligned: [0, 4, 5]);
    }

    static string[] Cells(string index, string name, string kind, string output, long parameters, long multiplyAdds) =>
        [index, name, kind, output, Number(parameters), Number(multiplyAdds)];

    static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Adds the compact rows of a layer whose first unrolled layer has the index <paramref name="first"/>.</summary>
    void Fold(Layer layer, Shape input, string scope, int first, List<SummaryRow> rows)
    {
        if (layer is Sequence sequence && (sequence.Name.Length == 0 || Units(sequence) > 1))
        {
            foreach (var child in sequence.Layers)
            {
                Fold(child, input, LayerTable.Join(scope, sequence.Name), first, rows);
                input = ShapeInference.Output(child, input);
                first += (int)LayerTable.Count(child);
            }
            return;
        }
        if (layer is Relu or Tap) return;
        var folded = Rows.Skip(first).Take((int)LayerTable.Count(layer)).ToList();
        var name = layer is Repeat repeat
            ? $"{LayerTable.Join(scope, LayerTable.Iteration(repeat, 0))} … {LayerTable.Join(scope, LayerTable.Iteration(repeat, repeat.Count - 1))}"
            : LayerTable.Join(scope, layer.Name);
        rows.Add(new(first, name, LayerText.Describe(layer), ShapeInference.Output(layer, input),
            folded.Sum(row => row.Parameters), folded.Sum(row => row.MultiplyAdds)));
    }

    /// <summary>Number of rows worth telling apart; a scope of at most one is a row itself.</summary>
    static int Units(Sequence sequence) => sequence.Layers.Sum(layer => layer switch
    {
        Repeat => 2,
        Residual => 1,
        Sequence inner => Units(inner),
        _ => 0,
    });
}
