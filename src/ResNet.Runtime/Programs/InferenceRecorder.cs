using ResNet.Dsl;

namespace ResNet.Runtime.Programs;

/// <summary>Records a forward pass: who writes and who reads which value, and how.</summary>
sealed class InferenceRecorder : InferencePass
{
    readonly SlotTable _slots = new();
    readonly List<BoundOperation> _operations = [];
    readonly NetworkDefinition _network;
    readonly IReadOnlyList<LayerInstance> _layers;

    InferenceRecorder(NetworkDefinition network, IReadOnlyList<LayerInstance> layers) => (_network, _layers) = (network, layers);

    /// <summary>Records a program.</summary>
    /// <param name="network">The network.</param>
    /// <param name="layers">Its unrolled layers, which the program names by their indices.</param>
    /// <param name="infer">Runs the program.</param>
    public static BoundProgram Record(NetworkDefinition network, IReadOnlyList<LayerInstance> layers, Action<InferencePass> infer)
    {
        var recorder = new InferenceRecorder(network, layers);
        infer(recorder);
        return new(network, recorder._operations, recorder._slots.Values, recorder._slots.Count);
    }

    public override void Input(int to) => _operations.Add(new ReadInput(_slots.Write(to, _network.Input)));

    public override void Conv(int layer, int from, int to, Epilogue then = default)
    {
        var row = _layers[layer];
        var conv = (Conv2d)row.Layer;
        var input = _slots.Read(from, conv.Groups == 1, conv.Padding);
        var (output, epilogue) = _slots.WriteThrough(then, to, row.Output);
        _operations.Add(new Convolve(row, input, output, epilogue));
    }

    public override void Dense(int layer, int from, int to)
    {
        var row = _layers[layer];
        _operations.Add(new Convolve(row, _slots.Read(from), _slots.Write(to, row.Output), BoundEpilogue.None));
    }

    public override void MaxPool(int layer, int from, int to) => Transform(layer, from, to);

    public override void AveragePool(int layer, int from, int to) => Transform(layer, from, to);

    public override void GlobalAveragePool(int layer, int from, int to) => Transform(layer, from, to);

    public override void Sigmoid(int layer, int from, int to) => Transform(layer, from, to);

    public override void Flatten(int layer, int from, int to) => Transform(layer, from, to);

    public override void Multiply(int left, int right, int to)
    {
        var (factor, other) = (_slots.Read(left), _slots.Read(right));
        _operations.Add(new MultiplyValues(factor, other, _slots.Write(to, factor.Shape), Accumulate: false));
    }

    public override void ZeroPad(int layer, int from, int to) => Transform(layer, from, to);

    public override void Apply(int from, int to, Epilogue then)
    {
        var input = _slots.Read(from);
        var (output, epilogue) = _slots.WriteThrough(then, to, input.Shape);
        _operations.Add(new ApplyEpilogue(Operation.Of(_layers, then), input, output, epilogue));
    }

    public override void Tap(int layer, int from) => _operations.Add(new OfferTap(layer, _layers[layer].Name, _slots.Read(from)));

    public override void Output(int output, int from) => _operations.Add(new WriteOutput(output, _slots.Read(from)));

    void Transform(int layer, int from, int to)
    {
        var row = _layers[layer];
        _operations.Add(new Transform(row, _slots.Read(from), _slots.Write(to, row.Output)));
    }
}
