using ILGPU;
using ResNet.Dsl;
using ResNet.Runtime.Cpu;
using ResNet.Runtime.Cpu.Binding;
using ResNet.Runtime.Execution;
using ResNet.Runtime.Gpu.Kernels;
using ElementWise = ResNet.Runtime.Gpu.Kernels.ElementWise;
using Then = ResNet.Runtime.Execution.Epilogue;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>Notes the operations of a forward pass, with the weights packed and the normalizations folded.</summary>
sealed class InferenceBinder : InferencePass
{
    readonly IlgpuBackend _backend;
    readonly Network _network;
    readonly Parameters _parameters;
    readonly GpuModel _model;
    readonly Slots _slots = new();
    readonly GpuBuffer<float> _weights;

    InferenceBinder(GpuModel model, Parameters parameters, GpuBuffer<float> weights) =>
        (_backend, _network, _parameters, _model, _weights) = (model.Backend, model.Network, parameters, model, weights);

    public static GpuModel Bind(IlgpuBackend backend, Network network, Parameters parameters)
    {
        using var weights = backend.Upload(parameters.Trained);
        var model = new GpuModel(backend, network);
        try
        {
            var binder = new InferenceBinder(model, parameters, weights);
            network.Execute(binder);
            backend.Stream.Synchronize();
            model.SlotSizes = binder._slots.Sizes;
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    public override void Input(int to)
    {
        _slots.Write(to, _network.Definition.Input);
        Add(Shared.Input(_backend, to, _network.Definition.Input));
    }

    public override void Conv(int layer, int from, int to, Then then = default)
    {
        var row = _network.Layers[layer];
        var bias = _parameters.TryGet(layer, ParameterKind.Bias, out var own) ? own.Values : default;
        var folded = then.InnerNorm is { } norm ? FoldedNorm.Of(_parameters, norm, bias) : (FoldedNorm?)null;
        var launcher = ConvolutionLauncher.Of(_backend, row);
        var packed = Keep(_backend.Allocate<float>(launcher.PackedLength));
        var weights = _weights.View.SubView(_parameters[layer, ParameterKind.Weight].Offset);
        if (folded is { } scaled)
        {
            using var scale = _backend.Upload(scaled.Scale);
            launcher.Pack(weights, packed, scale.View);
            _backend.Stream.Synchronize();
        }
        else
        {
            launcher.Pack(weights, packed);
        }
        var shift = folded is { } with ? Upload(with.Shift) : bias.IsEmpty ? (ArrayView<float>?)null : Upload(bias);
        var epilogue = Epilogue(then.WithoutInnerNorm(), to, row.Output);
        Add(new(Operation.Of(row), w =>
        {
            var what = epilogue(w);
            if (shift is { } view)
            {
                what.InnerShift = view;
                what.Steps |= EpilogueSteps.InnerShift;
            }
            launcher.Forward(w.Batch, w[from], packed, what);
        }, Algorithm: launcher.ForwardAlgorithm));
    }

    public override void Dense(int layer, int from, int to) => Conv(layer, from, to);

    public override void MaxPool(int layer, int from, int to) => Transform(layer, from, to);

    public override void AveragePool(int layer, int from, int to) => Transform(layer, from, to);

    public override void GlobalAveragePool(int layer, int from, int to) => Transform(layer, from, to);

    public override void ZeroPad(int layer, int from, int to) => Transform(layer, from, to);

    public override void Apply(int from, int to, Then then)
    {
        var shape = _slots[from];
        var epilogue = Epilogue(then, to, shape);
        var kernel = _backend.PerValue<ElementWise.Applying>(ElementWise.Apply);
        Add(new(Binder.OperationOf(_network, then), w => Shared.Each(w, shape, count => kernel(count, new() { Input = w[from], Epilogue = epilogue(w), Images = Shared.Images(shape), Count = count }))));
    }

    public override void Tap(int layer, int from)
    {
        var shape = _slots[from];
        var output = Shared.Output(_backend, from, shape);
        _model.Taps.Add((_model.Steps.Count, layer, output));
    }

    public override void Sigmoid(int layer, int from, int to) => throw new NotSupportedException("The device computes no sigmoids");

    public override void Flatten(int layer, int from, int to) => throw new NotSupportedException("The device computes no flattened feature maps");

    public override void Multiply(int left, int right, int to) => throw new NotSupportedException("The device computes no products");

    public override void Output(int output, int from)
    {
        if (output > 0) throw new NotSupportedException("The device gives one output");
        Add(Shared.Output(_backend, from, _slots[from]));
    }

    void Transform(int layer, int from, int to)
    {
        var row = _network.Layers[layer];
        _slots.Write(to, row.Output);
        Add(Shared.Transform(_backend, row, from, to)!);
    }

    /// <summary>What makes the arguments of an epilogue; the slots are known only when it runs.</summary>
    Func<Workspace, EpilogueArguments> Epilogue(Then then, int to, Shape shape)
    {
        var addend = then.Addend is { } slot ? _slots[slot] : (Shape?)null;
        if (then.StoreSlot is { } store) _slots.Write(store, shape);
        _slots.Write(to, shape);
        var inner = Fold(then.InnerNorm);
        var outer = Fold(then.OuterNorm);
        return workspace =>
        {
            var epilogue = Epilogues.Of(then, workspace, to, shape, addend);
            if (inner is { } first)
            {
                (epilogue.InnerScale, epilogue.InnerShift) = first;
                epilogue.Steps |= EpilogueSteps.InnerScale | EpilogueSteps.InnerShift;
            }
            if (outer is { } last)
            {
                (epilogue.OuterScale, epilogue.OuterShift) = last;
                epilogue.Steps |= EpilogueSteps.OuterNorm;
            }
            return epilogue;
        };
    }

    (ArrayView<float> Scale, ArrayView<float> Shift)? Fold(int? norm)
    {
        if (norm is not { } layer) return null;
        var folded = FoldedNorm.Of(_parameters, layer);
        return (Upload(folded.Scale), Upload(folded.Shift));
    }

    ArrayView<float> Upload(ReadOnlySpan<float> values) => Keep(_backend.Upload(values));

    ArrayView<float> Keep(GpuBuffer<float> buffer)
    {
        _model.Buffers.Add(buffer);
        return buffer.View;
    }

    void Add(Step step) => _model.Steps.Add(step);
}
