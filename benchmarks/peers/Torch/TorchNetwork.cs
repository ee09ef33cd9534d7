using ResNet.Dsl;
using ResNet.Runtime;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Parameter = TorchSharp.Modules.Parameter;
using Tensor = TorchSharp.torch.Tensor;

namespace ResNet.Peers.Torch;

/// <summary>A network, with a copy of its weights, computed by TorchSharp as torchvision's would be: layer by layer, ReLU and additions in place.</summary>
sealed class TorchNetwork : LayerWalk<Tensor>, IDisposable
{
    readonly Dictionary<(int Layer, ParameterKind Kind), Tensor> _tensors = [];
    readonly bool _isTraining;

    /// <param name="parameters">The network and its weights.</param>
    /// <param name="isChannelsLast">Whether weights lie in memory with their channels innermost.</param>
    /// <param name="isTraining">Whether normalizations use the batch's statistics.</param>
    public TorchNetwork(Parameters parameters, bool isChannelsLast, bool isTraining) : base(parameters.Network)
    {
        _isTraining = isTraining;
        foreach (var layer in parameters.Network.Layers())
            foreach (var info in layer.Parameters)
            {
                var values = TorchTensors.Of(parameters[info.Name].Read().ToArray(), [.. info.Shape], isChannelsLast);
                _tensors.Add((layer.Index, info.Kind), isTraining && info.IsTrained ? new Parameter(values) : values);
            }
    }

    /// <summary>The parameters that gradient descent changes.</summary>
    public IEnumerable<Parameter> Trained => _tensors.Values.OfType<Parameter>();

    /// <summary>Returns the logits, batch × classes.</summary>
    public Tensor Forward(Tensor images) => Walk(images);

    public void Dispose()
    {
        foreach (var tensor in _tensors.Values) tensor.Dispose();
    }

    protected override Tensor Apply(LayerInstance layer, Tensor input) => layer.Layer switch
    {
        Conv2d conv => functional.conv2d(input, Weight(layer), Bias(layer),
            [conv.Stride, conv.Stride], [conv.Padding, conv.Padding], [conv.Dilation, conv.Dilation], conv.Groups),
        BatchNorm norm => functional.batch_norm(input, _tensors[(layer.Index, ParameterKind.RunningMean)], _tensors[(layer.Index, ParameterKind.RunningVariance)],
            _tensors[(layer.Index, ParameterKind.Scale)], _tensors[(layer.Index, ParameterKind.Shift)], _isTraining && !norm.Frozen, norm.Momentum, norm.Epsilon),
        Relu => Rectify(input),
        MaxPool pool => functional.max_pool2d(input, pool.Kernel, pool.Stride, pool.Padding),
        GlobalAveragePool => Average(input),
        Dense => functional.linear(input, Weight(layer), Bias(layer)),
        ZeroPad pad => Pad(input, layer.Input, pad),
        _ => throw Unknown(layer.Layer),
    };

    protected override Tensor Add(Tensor main, Tensor shortcut)
    {
        main.add_(shortcut);
        return main;
    }

    protected override void Release(Tensor value) => value.Dispose();

    static Tensor Rectify(Tensor input)
    {
        input.relu_();
        return input;
    }

    static Tensor Average(Tensor input)
    {
        using var maps = functional.adaptive_avg_pool2d(input, 1);
        return maps.flatten(1);
    }

    static Tensor Pad(Tensor input, Shape shape, ZeroPad pad)
    {
        using var rows = input.slice(2, 0, shape.Height, pad.Stride);
        using var sampled = rows.slice(3, 0, shape.Width, pad.Stride);
        var added = pad.Channels - shape.Channels;
        return functional.pad(sampled, [0L, 0L, 0L, 0L, added / 2, added - added / 2]);
    }

    Tensor Weight(LayerInstance layer) => _tensors[(layer.Index, ParameterKind.Weight)];

    Tensor? Bias(LayerInstance layer) => _tensors.GetValueOrDefault((layer.Index, ParameterKind.Bias));
}
