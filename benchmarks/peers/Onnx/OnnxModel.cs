using ResNet.Dsl;
using ResNet.Runtime;

namespace ResNet.Peers.Onnx;

/// <summary>Writes a network with its weights as an ONNX model.</summary>
sealed class OnnxModel : LayerWalk<string>
{
    /// <summary>Name of the model's input.</summary>
    public const string Images = "images";

    readonly Parameters _parameters;
    readonly OnnxGraph _graph;

    OnnxModel(Parameters parameters) : base(parameters.Network) => (_parameters, _graph) = (parameters, new(parameters.Network.Name));

    /// <summary>Returns the file's content.</summary>
    /// <param name="parameters">The network and its weights.</param>
    /// <param name="batch">Images per pass. ONNX Runtime plans best for a number that is fixed.</param>
    /// <exception cref="NotSupportedException">The network has a layer that the writer does not know.</exception>
    public static byte[] Write(Parameters parameters, int batch)
    {
        var model = new OnnxModel(parameters);
        var (input, output) = (parameters.Network.Input, parameters.Network.Output);
        model._graph.AddInput(Images, batch, input.Channels, input.Height, input.Width);
        model._graph.AddOutput(model.Walk(Images), batch, output.Channels);
        return model._graph.ToModel();
    }

    protected override string Apply(LayerInstance layer, string input) => layer.Layer switch
    {
        Conv2d conv => _graph.AddNode("Conv", [input, .. WeightAndBias(layer, conv.Bias)],
            ("kernel_shape", Twice(conv.Kernel)), ("strides", Twice(conv.Stride)), ("pads", AllSides(conv.Padding)),
            ("dilations", Twice(conv.Dilation)), ("group", (long)conv.Groups)),
        BatchNorm norm => _graph.AddNode("BatchNormalization",
            [input, Constant(layer, ParameterKind.Scale), Constant(layer, ParameterKind.Shift), Constant(layer, ParameterKind.RunningMean), Constant(layer, ParameterKind.RunningVariance)],
            ("epsilon", (float)norm.Epsilon)),
        Relu => _graph.AddNode("Relu", [input]),
        MaxPool pool => _graph.AddNode("MaxPool", [input],
            ("kernel_shape", Twice(pool.Kernel)), ("strides", Twice(pool.Stride)), ("pads", AllSides(pool.Padding))),
        GlobalAveragePool => _graph.AddNode("Flatten", [_graph.AddNode("GlobalAveragePool", [input])]),
        Dense dense => _graph.AddNode("Gemm", [input, .. WeightAndBias(layer, dense.Bias)], ("transB", 1L)),
        ZeroPad pad => Pad(pad.Channels - layer.Input.Channels, Sample(input, pad.Stride)),
        _ => throw Unknown(layer.Layer),
    };

    protected override string Add(string main, string shortcut) => _graph.AddNode("Add", [main, shortcut]);

    /// <summary>Keeps one row and one column of each <paramref name="stride"/>.</summary>
    string Sample(string input, int stride)
    {
        var (starts, ends, axes, steps) = (_graph.AddConstant(0, 0), _graph.AddConstant(long.MaxValue, long.MaxValue), _graph.AddConstant(2, 3), _graph.AddConstant(stride, stride));
        return _graph.AddNode("Slice", [input, starts, ends, axes, steps]);
    }

    /// <summary>Adds channels of zeros, half of them on each side.</summary>
    string Pad(int channels, string input) =>
        _graph.AddNode("Pad", [input, _graph.AddConstant(0, channels / 2, 0, 0, 0, channels - channels / 2, 0, 0)]);

    string[] WeightAndBias(LayerInstance layer, bool hasBias) =>
        hasBias ? [Constant(layer, ParameterKind.Weight), Constant(layer, ParameterKind.Bias)] : [Constant(layer, ParameterKind.Weight)];

    string Constant(LayerInstance layer, ParameterKind kind)
    {
        var tensor = _parameters[layer.Index, kind];
        return _graph.AddConstant(tensor.Shape, tensor.Read());
    }

    static long[] Twice(int value) => [value, value];

    static long[] AllSides(int value) => [value, value, value, value];
}
