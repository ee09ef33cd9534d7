using ResNet.Dsl;

namespace ResNet.Runtime.Programs;

/// <summary>Records a training step: who writes and who reads which value, and how.</summary>
sealed class TrainingRecorder : TrainingPass
{
    readonly SlotTable _slots = new();
    readonly List<BoundOperation> _operations = [];
    readonly HashSet<int> _normalized = [];
    readonly NetworkDefinition _network;
    readonly IReadOnlyList<LayerInstance> _layers;

    TrainingRecorder(NetworkDefinition network, IReadOnlyList<LayerInstance> layers) => (_network, _layers) = (network, layers);

    /// <summary>Records a program.</summary>
    /// <param name="network">The network.</param>
    /// <param name="layers">Its unrolled layers, which the program names by their indices.</param>
    /// <param name="train">Runs the program.</param>
    public static BoundProgram Record(NetworkDefinition network, IReadOnlyList<LayerInstance> layers, Action<TrainingPass> train)
    {
        var recorder = new TrainingRecorder(network, layers);
        train(recorder);
        return new(network, recorder._operations, recorder._slots.Values, recorder._slots.Count);
    }

    public override void Input(int to) => _operations.Add(new ReadInput(_slots.Write(to, _network.Input)));

    public override void Conv(int layer, int from, int to)
    {
        var row = _layers[layer];
        var conv = (Conv2d)row.Layer;
        _operations.Add(new Convolve(row, _slots.Read(from, conv.Groups == 1, conv.Padding), _slots.Write(to, row.Output), BoundEpilogue.None));
    }

    public override void Dense(int layer, int from, int to)
    {
        var row = _layers[layer];
        _operations.Add(new Convolve(row, _slots.Read(from), _slots.Write(to, row.Output), BoundEpilogue.None));
    }

    public override void Norm(int layer, int from, int to, Epilogue then = default)
    {
        var input = _slots.Read(from);
        var (output, epilogue) = _slots.WriteThrough(then, to, input.Shape);
        _operations.Add(new Normalize(_layers[layer], input, output, epilogue, Again: !_normalized.Add(layer)));
    }

    public override void Apply(int from, int to, Epilogue then)
    {
        var input = _slots.Read(from);
        var (output, epilogue) = _slots.WriteThrough(then, to, input.Shape);
        _operations.Add(new ApplyEpilogue(Operation.Of(_layers, then), input, output, epilogue));
    }

    public override void Transform(int layer, int from, int to)
    {
        var row = _layers[layer];
        _operations.Add(new Transform(row, _slots.Read(from), _slots.Write(to, row.Output)));
    }

    public override void Multiply(int left, int right, int to, bool accumulate = false)
    {
        var (factor, other) = (_slots.Read(left), _slots.Read(right));
        _operations.Add(new MultiplyValues(factor, other, Target(to, factor.Shape, accumulate), accumulate));
    }

    public override void Loss(int output, int from, int to)
    {
        var value = _slots.Read(from);
        _operations.Add(new EvaluateLoss(output, value, _slots.Write(to, value.Shape)));
    }

    public override void ConvBackward(int layer, int input, int gradient, int? to, bool accumulate = false)
    {
        var row = _layers[layer];
        var conv = (Conv2d)row.Layer;
        var source = _slots.Read(input, conv.Groups == 1, conv.Padding);
        var by = _slots.Read(gradient, border: to is null ? 0 : Correlation.InputGradientBorder(ConvGeometry.Of(row)));
        AddConvolveBackward(row, source, by, to, accumulate);
    }

    public override void DenseBackward(int layer, int input, int gradient, int? to, bool accumulate = false) =>
        AddConvolveBackward(_layers[layer], _slots.Read(input), _slots.Read(gradient), to, accumulate);

    public override void NormBackward(int layer, int input, int? rectified, int gradient, int? to, bool accumulate = false)
    {
        var row = _layers[layer];
        var source = row.Layer is Scale { Constants: not null } ? null : _slots.Read(input);
        var by = _slots.Read(gradient);
        var positive = rectified is { } slot ? _slots.Read(slot) : null;
        var target = to == gradient ? by : to is { } at ? Target(at, row.Input, accumulate) : null;
        // A normalized value may be written over element by element.
        if (source is not null && to == input) target!.SharePlaceWith(source);
        _operations.Add(new NormalizeBackward(row, source, positive, by, target, accumulate));
    }

    public override void ReluBackward(int rectified, int gradient) =>
        _operations.Add(new RectifyBackward(_slots.Read(rectified), _slots.Read(gradient)));

    public override void TransformBackward(int layer, int input, int gradient, int to, bool accumulate = false)
    {
        var row = _layers[layer];
        var source = row.Layer.BackwardReadsInput ? _slots.Read(input) : null;
        var by = _slots.Read(gradient);
        _operations.Add(new TransformBackward(row, source, by, Target(to, row.Input, accumulate), accumulate));
    }

    public override void Pass(int from, int to, bool accumulate = false)
    {
        var source = _slots.Read(from);
        _operations.Add(new PassGradient(source, Target(to, source.Shape, accumulate), accumulate));
    }

    void AddConvolveBackward(LayerInstance row, BoundValue input, BoundValue gradient, int? to, bool accumulate) =>
        _operations.Add(new ConvolveBackward(row, input, gradient, to is { } slot ? Target(slot, row.Input, accumulate) : null, accumulate));

    BoundValue Target(int slot, Shape shape, bool accumulate) => accumulate ? _slots.Read(slot) : _slots.Write(slot, shape);
}
