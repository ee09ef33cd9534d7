using ResNet.Dsl;
using ResNet.Reference;
using ResNet.Runtime.Evaluation;
using ResNet.Runtime.Programs;

namespace ResNet.Generators.Tests.Training;

/// <summary>
/// Executes a generated training step in double precision, and holds it to the rules of <see cref="TrainingPass"/>: which
/// slots may coincide, that shapes are what each layer expects, and that backward reads what forward has computed, be it
/// computed again. That has the same bits, and no statistic moves twice.
/// </summary>
sealed partial class NaiveTrainingPass(
    NetworkDefinition network, IReadOnlyDictionary<string, double[]> parameters, float[] images,
    IReadOnlyDictionary<string, ReferenceLoss> losses, DropoutMask dropout) : TrainingPass
{
    readonly IReadOnlyList<LayerInstance> _layers = network.Layers();
    readonly Dictionary<int, Batch> _slots = [];
    readonly Dictionary<int, Batch> _inputs = [], _rectified = [];
    readonly Dictionary<int, (double[] Mean, double[] Deviation)> _statistics = [];

    /// <summary>The most elements per image that each slot held.</summary>
    public Dictionary<int, long> SlotSizes { get; } = [];

    /// <summary>The sum of the losses.</summary>
    public double Total { get; private set; }

    /// <summary>Gradients by parameter name.</summary>
    public Dictionary<string, double[]> Gradients { get; } = [];

    /// <summary>Names of the operations, in order.</summary>
    public List<string> Operations { get; } = [];

    /// <summary>A running statistic as the step has left it.</summary>
    public double[] Statistic(string name) => parameters[name];

    int Count => images.Length / (int)network.Input.Elements;

    public override void Input(int to) => Write(nameof(Input), to, new(network.Input, Array.ConvertAll(images, value => (double)value)));

    public override void Conv(int layer, int from, int to)
    {
        Assert.NotEqual(from, to);
        var (row, conv, x) = Forward<Conv2d>(layer, from);
        var (weight, bias) = (Parameter(row, ParameterKind.Weight)!, Parameter(row, ParameterKind.Bias));
        var y = new Batch(row.Output, Count);
        for (var i = 0; i < y.Data.Length; i++) y.Data[i] = bias?[y.Channel(i)] ?? 0;
        ForEachProduct(conv, row, (w, i, o) => y.Data[o] += weight[w] * x.Data[i]);
        Write(nameof(Conv), to, y);
    }

    public override void ConvBackward(int layer, int input, int gradient, int? to, bool accumulate = false)
    {
        Assert.NotEqual(gradient, to);
        var (row, conv, x, dy) = Backward<Conv2d>(layer, input, gradient);
        var weight = Parameter(row, ParameterKind.Weight)!;
        var (dw, dx) = (new double[weight.Length], new Batch(row.Input, Count));
        ForEachProduct(conv, row, (w, i, o) =>
        {
            dw[w] += dy.Data[o] * x.Data[i];
            dx.Data[i] += weight[w] * dy.Data[o];
        });
        Record(row, ParameterKind.Weight, dw);
        if (Parameter(row, ParameterKind.Bias) is not null) Record(row, ParameterKind.Bias, dy.Sum(i => dy.Data[i]));
        Finish(nameof(ConvBackward), to, dx, accumulate);
    }

    public override void Norm(int layer, int from, int to, Epilogue then = default)
    {
        Assert.NotEqual(from, to);
        var (row, _, x) = Forward<Layer>(layer, from);
        if (row.Layer is BatchNorm { Frozen: false } norm) Measure(norm, row, x);
        else _statistics.TryAdd(layer, GivenStatistics(row));
        var (scale, shift) = ScaleAndShift(row);
        var y = Finish(x.Map(i => Normalized(layer, x, i) * scale[x.Channel(i)] + shift[x.Channel(i)]), to, then);
        if (then.OuterRelu) Remember(_rectified, layer, y);
        Write(nameof(Norm), to, y);
    }

    /// <summary>Takes the statistics of a batch, and moves the running ones the first time.</summary>
    void Measure(BatchNorm norm, LayerInstance row, Batch x)
    {
        double n = Count * row.Input.Height * row.Input.Width;
        var mean = Array.ConvertAll(x.Sum(i => x.Data[i]), sum => sum / n);
        var variance = Array.ConvertAll(x.Sum(i => Math.Pow(x.Data[i] - mean[x.Channel(i)], 2)), sum => sum / n);
        var (runningMean, runningVariance) = (Parameter(row, ParameterKind.RunningMean)!, Parameter(row, ParameterKind.RunningVariance)!);
        var isFirst = _statistics.TryAdd(row.Index, (mean, Array.ConvertAll(variance, v => Math.Sqrt(v + norm.Epsilon))));
        for (var c = 0; isFirst && c < mean.Length; c++)
        {
            runningMean[c] = (1 - norm.Momentum) * runningMean[c] + norm.Momentum * mean[c];
            runningVariance[c] = (1 - norm.Momentum) * runningVariance[c] + norm.Momentum * variance[c] * n / (n - 1);
        }
    }

    /// <summary>Those that do not follow from the batch: the running ones, or of a scale those that change nothing.</summary>
    (double[] Mean, double[] Deviation) GivenStatistics(LayerInstance row) => row.Layer is BatchNorm norm
        ? (Parameter(row, ParameterKind.RunningMean)!, Array.ConvertAll(Parameter(row, ParameterKind.RunningVariance)!, v => Math.Sqrt(v + norm.Epsilon)))
        : (new double[row.Input.Channels], [.. Enumerable.Repeat(1.0, row.Input.Channels)]);

    (double[] Scale, double[] Shift) ScaleAndShift(LayerInstance row) => row.Layer is Scale { Constants: { } given }
        ? ([.. Enumerable.Repeat(given.Factor, row.Input.Channels)], [.. Enumerable.Repeat(given.Shift, row.Input.Channels)])
        : (Parameter(row, ParameterKind.Scale)!, Parameter(row, ParameterKind.Shift)!);

    public override void NormBackward(int layer, int input, int? rectified, int gradient, int? to, bool accumulate = false)
    {
        var row = _layers[layer];
        var isConstant = row.Layer is Scale { Constants: not null };
        // A scale by constants does not look at its input.
        if (!isConstant) AssertSame(_inputs[layer], _slots[input]);
        var (x, dy) = (_inputs[layer], Read(gradient, row.Output));
        if (rectified is { } slot)
        {
            AssertSame(_rectified[layer], _slots[slot]);
            Mask(_rectified[layer], dy);
        }
        else
        {
            Assert.DoesNotContain(layer, _rectified.Keys);
        }
        if (accumulate) Assert.NotEqual(gradient, to);
        var (scale, deviation) = (ScaleAndShift(row).Scale, _statistics[layer].Deviation);
        var (dScale, dShift) = (dy.Sum(i => dy.Data[i] * Normalized(layer, x, i)), dy.Sum(i => dy.Data[i]));
        if (!isConstant)
        {
            Record(row, ParameterKind.Scale, dScale);
            Record(row, ParameterKind.Shift, dShift);
        }
        double n = Count * row.Input.Height * row.Input.Width;
        var dx = row.Layer is BatchNorm { Frozen: false }
            ? dy.Map(i => dy.Channel(i) is var c ? scale[c] / deviation[c] * (dy.Data[i] - (dShift[c] + Normalized(layer, x, i) * dScale[c]) / n) : 0)
            : dy.Map(i => dy.Channel(i) is var c ? scale[c] / deviation[c] * dy.Data[i] : 0);
        Finish(nameof(NormBackward), to, dx, accumulate);
    }

    public override void Apply(int from, int to, Epilogue then)
    {
        Assert.NotEqual(from, to);
        Write(nameof(Apply), to, Finish(_slots[from], to, then));
    }

    public override void ReluBackward(int rectified, int gradient)
    {
        Operations.Add(nameof(ReluBackward));
        Mask(_slots[rectified], _slots[gradient]);
    }

    public override void Dense(int layer, int from, int to)
    {
        Assert.NotEqual(from, to);
        var (row, _, x) = Forward<Dense>(layer, from);
        var (weight, bias) = (Parameter(row, ParameterKind.Weight)!, Parameter(row, ParameterKind.Bias));
        var y = new Batch(row.Output, Count);
        for (var i = 0; i < y.Data.Length; i++) y.Data[i] = bias?[y.Channel(i)] ?? 0;
        ForEachConnection(row, (w, i, o) => y.Data[o] += weight[w] * x.Data[i]);
        Write(nameof(Dense), to, y);
    }

    public override void DenseBackward(int layer, int input, int gradient, int? to, bool accumulate = false)
    {
        Assert.NotEqual(gradient, to);
        var (row, _, x, dy) = Backward<Dense>(layer, input, gradient);
        var weight = Parameter(row, ParameterKind.Weight)!;
        var (dw, dx) = (new double[weight.Length], new Batch(row.Input, Count));
        ForEachConnection(row, (w, i, o) =>
        {
            dw[w] += dy.Data[o] * x.Data[i];
            dx.Data[i] += dy.Data[o] * weight[w];
        });
        Record(row, ParameterKind.Weight, dw);
        if (Parameter(row, ParameterKind.Bias) is not null) Record(row, ParameterKind.Bias, dy.Sum(i => dy.Data[i]));
        Finish(nameof(DenseBackward), to, dx, accumulate);
    }

    public override void Transform(int layer, int from, int to)
    {
        Assert.NotEqual(from, to);
        var (row, _, x) = Forward<Layer>(layer, from);
        Write(nameof(Transform), to, row.Layer is Sigmoid ? x.Map(i => Logistic(x.Data[i])) : Move(row, x));
    }

    Batch Move(LayerInstance row, Batch x)
    {
        var y = new Batch(row.Output, Count);
        ForEachMove(row, x, (i, o, factor) => y.Data[o] += x.Data[i] * factor);
        return y;
    }

    public override void TransformBackward(int layer, int input, int gradient, int to, bool accumulate = false)
    {
        Assert.NotEqual(gradient, to);
        var row = _layers[layer];
        // A shortcut that an addition took in was no operation of its own, and only these two look at their input.
        var x = row.Layer.BackwardReadsInput ? Backward<Layer>(layer, input, gradient).Input : new Batch(row.Input, Count);
        var dy = Read(gradient, row.Output);
        var dx = new Batch(row.Input, Count);
        if (row.Layer is Sigmoid) dx = x.Map(i => dy.Data[i] * Logistic(x.Data[i]) * Logistic(-x.Data[i]));
        else ForEachMove(row, x, (i, o, factor) => dx.Data[i] += dy.Data[o] * factor);
        Finish(nameof(TransformBackward), to, dx, accumulate);
    }

    static double Logistic(double x) => 1 / (1 + Math.Exp(-x));

    public override void Multiply(int left, int right, int to, bool accumulate = false)
    {
        Assert.NotEqual(left, to);
        Assert.NotEqual(right, to);
        var (x, y) = (_slots[left], _slots[right]);
        Assert.Equal(x.Shape, y.Shape);
        Finish(nameof(Multiply), to, x.Map(i => x.Data[i] * y.Data[i]), accumulate);
    }

    public override void Loss(int output, int from, int to)
    {
        Assert.NotEqual(from, to);
        var (name, shape) = (network.Outputs[output].Name, network.Outputs[output].Shape);
        var value = Read(from, shape);
        var gradient = new double[value.Data.Length];
        if (losses.TryGetValue(name, out var evaluate))
        {
            var (loss, found) = evaluate(new(Count, shape, value.Data));
            Total += loss;
            gradient = found.Data;
        }
        // Backward works in place; the loss's own array stays as it is.
        Write(nameof(Loss), to, new(shape, [.. gradient]));
    }

    public override void Pass(int from, int to, bool accumulate = false)
    {
        Assert.NotEqual(from, to);
        var x = _slots[from];
        Finish(accumulate ? "Add" : "Copy", to, x.Map(i => x.Data[i]), accumulate);
    }

    Batch Finish(Batch x, int to, Epilogue then)
    {
        Assert.Null(then.InnerNorm);
        Assert.Null(then.OuterNorm);
        Assert.Null(then.StoreSlot);
        // Backward could not tell where it was zero.
        Assert.False(then.InnerRelu);
        var y = x.Map(i => x.Data[i]);
        if (then.Addend is { } addend)
        {
            var other = _slots[addend];
            if (then.PadsAddend)
            {
                Assert.NotEqual(addend, to);
                var padded = new Batch(x.Shape, Count);
                ForEachPadded((other.Shape.Height + x.Shape.Height - 1) / x.Shape.Height, other, x.Shape, (i, o, _) => padded.Data[o] = other.Data[i]);
                other = padded;
            }
            Assert.Equal(x.Shape, other.Shape);
            y = y.Map(i => y.Data[i] + other.Data[i]);
        }
        return then.OuterRelu ? y.Map(i => Math.Max(y.Data[i], 0)) : y;
    }

    void Finish(string operation, int? to, Batch gradient, bool accumulate)
    {
        if (to is not { } slot)
        {
            Assert.False(accumulate);
            Operations.Add(operation);
            return;
        }
        if (accumulate)
        {
            var before = Read(slot, gradient.Shape);
            var sum = gradient;
            gradient = sum.Map(i => before.Data[i] + sum.Data[i]);
        }
        Write(operation, slot, gradient);
    }

    static void Mask(Batch rectified, Batch gradient)
    {
        Assert.Equal(rectified.Shape, gradient.Shape);
        for (var i = 0; i < gradient.Data.Length; i++)
            if (rectified.Data[i] <= 0) gradient.Data[i] = 0;
    }

    double Normalized(int layer, Batch x, int i) =>
        (x.Data[i] - _statistics[layer].Mean[x.Channel(i)]) / _statistics[layer].Deviation[x.Channel(i)];

    (LayerInstance Row, T Layer, Batch Input) Forward<T>(int layer, int from) where T : Layer
    {
        var row = _layers[layer];
        var x = Read(from, row.Input);
        Remember(_inputs, layer, x);
        return (row, Assert.IsType<T>(row.Layer, exactMatch: false), x);
    }

    (LayerInstance Row, T Layer, Batch Input, Batch Gradient) Backward<T>(int layer, int input, int gradient) where T : Layer
    {
        var row = _layers[layer];
        AssertSame(_inputs[layer], _slots[input]);
        return (row, Assert.IsType<T>(row.Layer, exactMatch: false), _inputs[layer], Read(gradient, row.Output));
    }

    static void Remember(Dictionary<int, Batch> values, int layer, Batch value)
    {
        if (!values.TryAdd(layer, value)) AssertSame(values[layer], value);
    }

    static void AssertSame(Batch expected, Batch actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.True(expected.Data.AsSpan().SequenceEqual(actual.Data), "Backward reads another value than forward has computed");
    }

    double[]? Parameter(LayerInstance row, ParameterKind kind) =>
        row.Parameters.FirstOrDefault(info => info.Kind == kind) is { } info ? parameters[info.Name] : null;

    void Record(LayerInstance row, ParameterKind kind, double[] gradient) =>
        Gradients.Add(row.Parameters.Single(info => info.Kind == kind).Name, gradient);

    Batch Read(int slot, Shape shape)
    {
        Assert.True(_slots.TryGetValue(slot, out var held), $"Slot {slot} is read before it is written");
        Assert.Equal(shape, held.Shape);
        return held;
    }

    void Write(string operation, int slot, Batch value)
    {
        Operations.Add(operation);
        _slots[slot] = value;
        SlotSizes[slot] = Math.Max(SlotSizes.GetValueOrDefault(slot), value.Shape.Elements);
    }
}
