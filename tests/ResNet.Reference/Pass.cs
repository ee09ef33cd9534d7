using ResNet.Dsl;

namespace ResNet.Reference;

/// <summary>
/// Gives the values by which a ReLU or a max pooling decides what it lets through, in place of its input: another
/// implementation's, since within rounding of a tie both decisions are right.
/// </summary>
public delegate Values Decision(LayerInstance layer, Values input);

/// <summary>One walk over the layer tree, forward; what it leaves behind leads back through it.</summary>
/// <param name="layers">The unrolled network; the walk meets its layers in this order.</param>
/// <param name="parameters">Parameters and statistics by name.</param>
/// <param name="training">Whether batch normalization uses and records the batch's statistics, and dropout and stochastic depth drop.</param>
/// <param name="dropout">What dropout and stochastic depth keep; needed to train a network that has any.</param>
/// <param name="decide">Values to decide by; the layers' inputs if null.</param>
sealed class Pass(
    IReadOnlyList<LayerInstance> layers, IReadOnlyDictionary<string, double[]> parameters, bool training, DropoutMask? dropout, Decision? decide = null)
{
    int _next;

    /// <summary>Values of the taps met so far.</summary>
    public Dictionary<string, double[]> Taps { get; } = [];

    /// <summary>Values of the named outputs met so far.</summary>
    public Dictionary<string, Values> Outputs { get; } = [];

    /// <summary>Gradients of the losses by the outputs that have one; known when the way back begins.</summary>
    public Dictionary<string, Values> OutputGradients { get; } = [];

    /// <summary>Gradients by parameter name, recorded on the way back.</summary>
    public Dictionary<string, double[]> Gradients { get; } = [];

    public Step Execute(Layer layer, Values x) => layer switch
    {
        Sequence sequence => InOrder(sequence.Layers, x),
        Repeat repeat => InOrder(Enumerable.Repeat(repeat.Body, repeat.Count), x),
        Residual residual => Merge(residual, x),
        Branch branch => Leave(branch, x),
        _ => Execute(layers[_next++], x),
    };

    Step InOrder(IEnumerable<Layer> children, Values x)
    {
        var back = new Stack<Reverse>();
        foreach (var child in children)
        {
            var step = Execute(child, x);
            x = step.Output;
            // Inference never goes back; letting go here frees the activations behind it.
            if (training) back.Push(step.Reverse);
        }
        return new(x, dy => back.Aggregate(dy, (gradient, reverse) => reverse(gradient)));
    }

    Step Merge(Residual residual, Values x)
    {
        var main = Execute(residual.Main, x);
        var shortcut = Execute(residual.Shortcut, x);
        var merged = residual.Merge switch
        {
            Dsl.Merge.Sum => main.Output + shortcut.Output,
            Dsl.Merge.Product => main.Output * shortcut.Output,
            _ => throw new NotSupportedException($"The reference interpreter does not know the merge {residual.Merge}"),
        };
        var activation = Execute(residual.Activation, merged);
        return new(activation.Output, dy =>
        {
            var gradient = activation.Reverse(dy);
            return residual.Merge == Dsl.Merge.Sum
                ? main.Reverse(gradient) + shortcut.Reverse(gradient)
                : main.Reverse(gradient * shortcut.Output) + shortcut.Reverse(gradient * main.Output);
        });
    }

    Step Leave(Branch branch, Values x)
    {
        var side = Execute(branch.Content, x);
        return new(x, dy => dy + side.Reverse(new(side.Output.Batch, side.Output.Shape)));
    }

    Step Execute(LayerInstance row, Values x) => row.Layer switch
    {
        Conv2d conv => Convolve(conv, row, x),
        BatchNorm norm => Normalize(norm, row, x),
        Scale scale => Affinely(scale, row, x),
        Relu => Elementwise.Relu(x, Decide(row, x)),
        Sigmoid => Elementwise.Sigmoid(x),
        MaxPool pool => Pooling.Max(pool, x, Decide(row, x), row.Output),
        AveragePool pool => Pooling.Average(pool, x, row.Output),
        GlobalAveragePool => Pooling.GlobalAverage(x, row.Output),
        Flatten => Elementwise.Flatten(x, row.Output),
        Dense => Connect(row, x),
        Dropout drop => training ? Elementwise.Dropout(x, drop.Rate, i => dropout!(row, i)) : new(x, Identity),
        StochasticDepth => training ? Elementwise.StochasticDepth(x, DropRates.Of(row, layers), image => dropout!(row, image)) : new(x, Identity),
        ZeroPad pad => Elementwise.ZeroPad(pad, x, row.Output),
        Tap tap => Record(tap, x),
        Output output => Record(output, x),
        _ => throw new NotSupportedException($"The reference interpreter does not know the layer {row.Layer}"),
    };

    Values Decide(LayerInstance row, Values x) => decide?.Invoke(row, x) ?? x;

    Step Convolve(Conv2d conv, LayerInstance row, Values x)
    {
        var convolution = new Convolution(conv, row.Input, row.Output);
        var weight = Of(row, ParameterKind.Weight)!;
        var y = convolution.Forward(x, weight, Of(row, ParameterKind.Bias));
        return new(y, dy =>
        {
            Record(row, ParameterKind.Weight, () => convolution.WeightGradient(x, dy));
            Record(row, ParameterKind.Bias, () => dy.SumPerChannel((i, _) => dy[i]));
            return convolution.InputGradient(dy, weight);
        });
    }

    Step Connect(LayerInstance row, Values x)
    {
        var connections = new FullyConnected(Of(row, ParameterKind.Weight)!, Of(row, ParameterKind.Bias));
        return new(connections.Forward(x, row.Output), dy =>
        {
            Record(row, ParameterKind.Weight, () => connections.WeightGradient(x, dy));
            Record(row, ParameterKind.Bias, () => dy.SumPerChannel((i, _) => dy[i]));
            return connections.InputGradient(x, dy);
        });
    }

    Step Normalize(BatchNorm norm, LayerInstance row, Values x)
    {
        var normalization = new BatchNormalization(norm, Of(row, ParameterKind.Scale)!, Of(row, ParameterKind.Shift)!,
            Of(row, ParameterKind.RunningMean)!, Of(row, ParameterKind.RunningVariance)!);
        return training && !norm.Frozen
            ? normalization.WithStatisticsOfBatch(x, (scale, shift) => RecordAffine(row, scale, shift))
            : normalization.WithRunningStatistics(x, (scale, shift) => RecordAffine(row, scale, shift));
    }

    Step Affinely(Scale scale, LayerInstance row, Values x)
    {
        double[] Constant(double value) => [.. Enumerable.Repeat(value, row.Input.Channels)];
        return scale.Constants is { } given
            ? Affine.Apply(x, Constant(given.Factor), Constant(given.Shift), (_, _) => { })
            : Affine.Apply(x, Of(row, ParameterKind.Scale)!, Of(row, ParameterKind.Shift)!, (factor, shift) => RecordAffine(row, factor, shift));
    }

    void RecordAffine(LayerInstance row, double[] factor, double[] shift)
    {
        Record(row, ParameterKind.Scale, () => factor);
        Record(row, ParameterKind.Shift, () => shift);
    }

    Step Record(Tap tap, Values x)
    {
        Taps.Add(tap.Name, x.Data);
        return new(x, Identity);
    }

    Step Record(Output output, Values x)
    {
        Outputs.Add(output.Name, x);
        return new(x, dy => OutputGradients.TryGetValue(output.Name, out var own) ? dy + own : dy);
    }

    static Values Identity(Values gradient) => gradient;

    double[]? Of(LayerInstance row, ParameterKind kind) =>
        row.Parameters.FirstOrDefault(info => info.Kind == kind) is { } info ? parameters[info.Name] : null;

    /// <summary>Records the gradient if the layer has such a parameter: not every convolution has a bias.</summary>
    void Record(LayerInstance row, ParameterKind kind, Func<double[]> gradient)
    {
        if (row.Parameters.FirstOrDefault(info => info.Kind == kind) is { } info) Gradients.Add(info.Name, gradient());
    }
}
