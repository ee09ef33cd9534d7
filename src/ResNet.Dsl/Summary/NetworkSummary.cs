using System.Globalization;

namespace ResNet.Dsl;

/// <summary>A network as a table of its layers, their shapes, parameters and cost.</summary>
public sealed class NetworkSummary
{
    readonly NetworkDefinition _network;

    NetworkSummary(NetworkDefinition network)
    {
        _network = network;
        Rows = network.Layers().Select(layer => new SummaryRow(layer.Index, layer.Name, layer.Layer.Describe(layer.Input), layer.Output,
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
        return $"{_network.Name}: {_network.Input} → {Outputs()}\n\n" + TextTable.Align([.. lines], rightAligned: [0, 4, 5]);
    }

    /// <summary>The shapes of the results, each under its name unless there is only the unnamed end.</summary>
    string Outputs()
    {
        var outputs = _network.Outputs;
        return outputs.Count == 1 && _network.EndIsUnnamed
            ? outputs[0].Shape.ToString()
            : string.Join(", ", outputs.Select(output => $"{output.Name} {output.Shape}"));
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
                Fold(child, input, FullName.Join(scope, sequence.Name), first, rows);
                input = child.OutputShape(input);
                first += (int)child.LayerCount;
            }
            return;
        }
        if (layer is Branch branch)
        {
            Fold(branch.Content, input, scope, first, rows);
            return;
        }
        if (layer is { IsImplied: true, HasParameters: false }) return;
        var folded = Rows.Skip(first).Take((int)layer.LayerCount).ToList();
        var name = layer is Repeat repeat
            ? $"{FullName.Join(scope, repeat.IterationScope(0))} … {FullName.Join(scope, repeat.IterationScope(repeat.Count - 1))}"
            : FullName.Join(scope, layer.Name);
        rows.Add(new(first, name, layer.Describe(input), layer.OutputShape(input),
            folded.Sum(row => row.Parameters), folded.Sum(row => row.MultiplyAdds)));
    }

    /// <summary>Number of rows worth telling apart; a scope of at most one is a row itself.</summary>
    static int Units(Sequence sequence) => sequence.Layers.Sum(layer => layer switch
    {
        Repeat => 2,
        Residual => 1,
        Sequence inner => Units(inner),
        Branch branch => Units(branch.Body),
        _ => 0,
    });
}
