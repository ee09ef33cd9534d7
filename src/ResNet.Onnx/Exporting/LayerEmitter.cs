using ResNet.Dsl;
using ResNet.Onnx.Protos;
using ResNet.Runtime;
using static ResNet.Onnx.Exporting.GraphBuilder;

namespace ResNet.Onnx.Exporting;

/// <summary>A value of the graph.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its shape per image.</param>
/// <param name="IsFlat">Whether it is batch × channels; otherwise it is batch × channels × height × width, of a vector, too.</param>
readonly record struct GraphValue(string Name, Shape Shape, bool IsFlat);

/// <summary>Writes the layers of a network as nodes, in the order of execution.</summary>
/// <param name="graph">Receives the nodes.</param>
/// <param name="network">The network.</param>
/// <param name="describe">Describes an output by its name and shape.</param>
sealed class LayerEmitter(GraphBuilder graph, Network network, Func<string, Shape, ValueInfoProto> describe)
{
    readonly Queue<LayerInstance> _rows = new(network.Definition.Layers());

    /// <summary>Writes a layer and all that is within it.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="x">Its input.</param>
    /// <returns>Its output.</returns>
    public GraphValue Emit(Layer layer, GraphValue x)
    {
        switch (layer)
        {
            case Sequence sequence:
                return sequence.Layers.Aggregate(x, (value, next) => Emit(next, value));
            case Repeat repeat:
                return Enumerable.Range(0, repeat.Count).Aggregate(x, (value, _) => Emit(repeat.Body, value));
            case Branch branch:
                Emit(branch.Content, x);
                return x;
            case Residual unit:
                var (main, shortcut) = (Emit(unit.Main, x), Emit(unit.Shortcut, x));
                if (main.IsFlat != shortcut.IsFlat) (main, shortcut) = (AsVector(main), AsVector(shortcut));
                return Emit(unit.Activation, main with { Name = graph.Add(unit.Merge == Merge.Sum ? "Add" : "Mul", "merge", [main.Name, shortcut.Name]) });
            default:
                return Emit(_rows.Dequeue(), x);
        }
    }

    /// <summary>Writes a value as an output of the network.</summary>
    public void EmitOutput(string name, GraphValue value) => graph.AddOutput((value.Shape.IsVector ? AsVector(value) : value).Name, describe(name, value.Shape));

    GraphValue Emit(LayerInstance row, GraphValue x)
    {
        switch (row.Layer)
        {
            case Tap or { ActsInTrainingAlone: true }:
                return x;
            case Output output:
                EmitOutput(output.Name, x);
                return x;
            case Conv2d conv:
                return OfMaps("Conv", [AsMaps(x).Name, .. Parameters(row)], [.. Window(conv.Kernel, conv.Stride, conv.Padding), Ints("dilations", conv.Dilation, conv.Dilation), Int("group", conv.Groups)]);
            case MaxPool pool:
                return OfMaps("MaxPool", [AsMaps(x).Name], Window(pool.Kernel, pool.Stride, pool.Padding));
            case AveragePool pool:
                return OfMaps("AveragePool", [AsMaps(x).Name], [.. Window(pool.Kernel, pool.Stride, pool.Padding), Int("count_include_pad", pool.Padding > 0 ? 1 : 0), Int("ceil_mode", pool.CeilMode ? 1 : 0)]);
            case GlobalAveragePool:
                return OfMaps("GlobalAveragePool", [AsMaps(x).Name], []);
            case ZeroPad pad:
                return new(PadChannels(row, pad, AsMaps(x)), row.Output, IsFlat: false);
            case BatchNorm norm:
                return Each("BatchNormalization", [x.Name, .. Parameters(row)], Float("epsilon", norm.Epsilon));
            case Relu or Sigmoid:
                return Each(row.Layer.GetType().Name, [x.Name]);
            case Scale { Constants: { } constants }:
                return AddShift(row, Each("Mul", [x.Name, graph.Constant($"{row.Name}.factor", [], [(float)constants.Factor])]), graph.Constant($"{row.Name}.shift", [], [(float)constants.Shift]));
            case Scale:
                return AddShift(row, Each("Mul", [x.Name, OfChannels(row, ParameterKind.Scale, x)]), OfChannels(row, ParameterKind.Shift, x));
            case Dense:
                return new(graph.Add("Gemm", row.Name, [AsVector(x).Name, .. Parameters(row)], Int("transB", 1)), row.Output, IsFlat: true);
            case Flatten:
                return new(graph.Add("Flatten", row.Name, [x.Name], Int("axis", 1)), row.Output, IsFlat: true);
            default:
                throw new NotSupportedException($"{row.Name}: {row.Layer.GetType().Name} has no form in ONNX");
        }

        GraphValue OfMaps(string type, IEnumerable<string> inputs, IEnumerable<AttributeProto> attributes) => new(graph.Add(type, row.Name, inputs, attributes), row.Output, IsFlat: false);

        GraphValue Each(string type, IEnumerable<string> inputs, params IEnumerable<AttributeProto> attributes) => x with { Name = graph.Add(type, row.Name, inputs, attributes) };
    }

    GraphValue AddShift(LayerInstance row, GraphValue product, string shift) => product with { Name = graph.Add("Add", row.Name, [product.Name, shift]) };

    /// <summary>Keeps the rows and columns that a stride leaves, and adds maps of zeros on both sides.</summary>
    string PadChannels(LayerInstance row, ZeroPad pad, GraphValue x)
    {
        var kept = x.Name;
        if (pad.Stride > 1)
        {
            kept = graph.Add("Slice", $"{row.Name}.slice",
            [
                kept, graph.Constant($"{row.Name}.starts", 0, 0), graph.Constant($"{row.Name}.ends", x.Shape.Height, x.Shape.Width),
                graph.Constant($"{row.Name}.axes", 2, 3), graph.Constant($"{row.Name}.steps", pad.Stride, pad.Stride),
            ]);
        }
        var before = (pad.Channels - x.Shape.Channels) / 2;
        return graph.Add("Pad", row.Name, [kept, graph.Constant($"{row.Name}.pads", 0, before, 0, 0, 0, pad.Channels - x.Shape.Channels - before, 0, 0)]);
    }

    /// <summary>The layer's parameters, in the order in which the operators take them.</summary>
    IEnumerable<string> Parameters(LayerInstance row) => row.Parameters.Select(info => Parameter(info.Name, info.Shape));

    /// <summary>A learned value per channel, of a shape that goes with maps or vectors.</summary>
    string OfChannels(LayerInstance row, ParameterKind kind, GraphValue x)
    {
        var info = row.Parameters.First(parameter => parameter.Kind == kind);
        return Parameter(info.Name, x.IsFlat ? [x.Shape.Channels] : [x.Shape.Channels, 1, 1]);
    }

    string Parameter(string name, IEnumerable<int> shape) => graph.Constant(name, shape, network.Parameters[name].Read().ToArray());

    GraphValue AsVector(GraphValue value) => value.IsFlat ? value : value with { Name = graph.Add("Flatten", "flatten", [value.Name], Int("axis", 1)), IsFlat = true };

    GraphValue AsMaps(GraphValue value) => value.IsFlat
        // 0 is the size that there is: the batch's.
        ? value with { Name = graph.Add("Reshape", "maps", [value.Name, graph.Constant("maps.shape", 0, value.Shape.Channels, 1, 1)]), IsFlat = false }
        : value;

    static AttributeProto[] Window(int kernel, int stride, int padding) =>
        [Ints("kernel_shape", kernel, kernel), Ints("strides", stride, stride), Ints("pads", padding, padding, padding, padding)];
}
