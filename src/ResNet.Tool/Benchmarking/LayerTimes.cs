using ResNet.Dsl;
using ResNet.Runtime.Programs;
using ResNet.Tool.Output;

namespace ResNet.Tool.Benchmarking;

/// <summary>Adds up the times of operations by layer; units that repeat are one.</summary>
sealed class LayerTimes
{
    readonly double _peak;
    readonly FoldedLayers _folds;
    readonly IReadOnlyList<SummaryRow> _rows;
    readonly List<OperationTime> _times;

    /// <param name="network">The network.</param>
    /// <param name="times">The operations in the order of execution.</param>
    /// <param name="peak">The greatest rate of the device, in floating-point operations per second.</param>
    public LayerTimes(NetworkDefinition network, IEnumerable<OperationTime> times, double peak)
    {
        (_peak, _folds, _rows) = (peak, new(network), NetworkSummary.Of(network).Rows);
        var layers = network.Layers();
        // No taps were asked for, so they do nothing.
        _times = [.. times.Where(time => time.Operation.Layer is not { } layer || layers[layer].Layer is not Tap)];
    }

    /// <summary>The layers in the order of the forward pass; what belongs to no layer follows the layer that ran before it.</summary>
    public IReadOnlyList<LayerTimingReport> Layers()
    {
        var last = -1;
        return
        [
            .. _times
                .Select(time => (Time: time, Place: last = time.Operation.Layer ?? last))
                .GroupBy(one => LineOf(one.Time.Operation))
                .OrderBy(line => line.First().Place)
                .Select(line => Report(line.Key, [.. line.Select(one => one.Time)])),
        ];
    }

    /// <summary>Everything in one.</summary>
    public LayerTimingReport Sum() => Report(new("sum", First: -1, Count: 1), _times);

    LayerTimingReport Report(FoldedLayer line, List<OperationTime> times)
    {
        var row = line.First < 0 ? null : _rows[line.First];
        return new(line.Name, line.Count, row?.Kind ?? "", row?.Output.ToString() ?? "",
            Report(times, OperationKind.Forward), Report(times, OperationKind.InputGradient), Report(times, OperationKind.WeightGradient));
    }

    OperationReport? Report(List<OperationTime> times, OperationKind kind)
    {
        var chosen = times.FindAll(time => time.Operation.Kind == kind);
        if (chosen.Count == 0) return null;
        var seconds = chosen.Sum(time => time.Time.TotalSeconds);
        var multiplyAdds = chosen.Sum(time => time.Operation.MultiplyAdds * time.Images);
        double? rate = multiplyAdds == 0 ? null : 2.0 * multiplyAdds / seconds;
        var algorithms = chosen.Select(time => time.Operation.Algorithm).Where(name => name.Length > 0).Distinct();
        return new(1000 * seconds, rate / 1e9, rate / _peak, string.Join(" / ", algorithms));
    }

    /// <summary>The line of the table that an operation belongs to.</summary>
    FoldedLayer LineOf(Operation operation) => operation.Layer is { } layer ? _folds[layer] : new(operation.Name, First: -1, Count: 1);
}
