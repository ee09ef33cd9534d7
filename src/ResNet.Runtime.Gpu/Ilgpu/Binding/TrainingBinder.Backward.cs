using ILGPU;
using ResNet.Dsl;
using ResNet.Runtime.Cpu.Binding;
using ResNet.Runtime.Cpu.Layers;
using ResNet.Runtime.Gpu.Kernels;
using ResNet.Runtime.Programs;
using ElementWise = ResNet.Runtime.Gpu.Kernels.ElementWise;
using Pooling = ResNet.Runtime.Gpu.Kernels.Pooling;

namespace ResNet.Runtime.Gpu.Binding;

sealed partial class TrainingBinder
{
    public override void ConvBackward(int layer, int input, int gradient, int? to, bool accumulate = false)
    {
        var row = network.Layers[layer];
        var launcher = ConvolutionLauncher.Of(backend, row);
        var weight = parameters[layer, ParameterKind.Weight];
        // The weights come first: the target may take the input's place.
        Steps.Add(new(
            Operation.Of(row, OperationKind.WeightGradient),
            w => launcher.WeightGradient(w.Batch, w[input], w[gradient], w.Scratch, values.Gradient(weight)),
            launcher.ScratchLength,
            launcher.WeightGradientAlgorithm));
        if (parameters.TryGet(layer, ParameterKind.Bias, out var bias)) AddBiasGradient(row, gradient, bias);
        if (to is not { } target) return;
        _slots.Write(target, row.Input);
        // Together they do the layer's products: the first one counts them.
        var operation = Backward(row);
        foreach (var phase in launcher.Phases.Where(phase => phase.Taps > 0 || !accumulate))
        {
            Steps.Add(new(
                operation,
                w =>
                {
                    launcher.Pack(values.Values(weight), w.Scratch, phase);
                    launcher.InputGradient(phase, w.Batch, w[gradient], w.Scratch, w[target], accumulate);
                },
                _ => launcher.PackedLengthOf(phase),
                batch => launcher.InputGradientAlgorithm(phase, batch)));
            operation = operation with { MultiplyAdds = 0 };
        }
    }

    public override void DenseBackward(int layer, int input, int gradient, int? to, bool accumulate = false) =>
        ConvBackward(layer, input, gradient, to, accumulate);

    public override void NormBackward(int layer, int input, int? rectified, int gradient, int? to, bool accumulate = false)
    {
        var norm = _norms[layer];
        if (to is { } slot) _slots.Write(slot, network.Layers[layer].Input);
        Steps.Add(new(
            Backward(network.Layers[layer]),
            w => norm.Backward(w, w[input], rectified is { } mask ? w[mask] : null, w[gradient], to is { } target ? w[target] : null, accumulate),
            norm.ScratchLength));
    }

    public override void ReluBackward(int rectified, int gradient) =>
        AddPass("ReLU", ElementWise.ReluBackward, rectified, gradient, _slots[gradient], accumulate: false);

    public override void Pass(int from, int to, bool accumulate = false)
    {
        _slots.Write(to, _slots[from]);
        AddPass("addition", ElementWise.Pass, from, to, _slots[from], accumulate);
    }

    public override void TransformBackward(int layer, int input, int gradient, int to, bool accumulate = false)
    {
        var row = network.Layers[layer];
        _slots.Write(to, row.Input);
        Steps.Add(row.Layer switch
        {
            MaxPool pool => PoolBackward(row, pool.Kernel, pool.Stride, pool.Padding, input, gradient, to, accumulate, Pooling.MaxBackward),
            AveragePool pool => PoolBackward(row, pool.Kernel, pool.Stride, pool.Padding, gradient, gradient, to, accumulate, Pooling.AverageBackward),
            GlobalAveragePool => PoolBackward(row, 1, 1, 0, gradient, gradient, to, accumulate, Pooling.GlobalAverageBackward),
            ZeroPad pad => ZeroPadBackward(row, pad.Stride, gradient, to, accumulate),
            Dropout => Drop(Backward(row), row, gradient, to, accumulate),
            _ => throw new NotSupportedException($"Nothing is known to transform by the layer {row.Layer}"),
        });
    }

    void AddPass(string name, Action<ElementWise.Passing> run, int from, int to, Shape shape, bool accumulate)
    {
        var kernel = backend.PerValue(run);
        Steps.Add(new(new(name, Kind: OperationKind.InputGradient), w => Shared.Each(w, shape, count => kernel(count, new() { From = w[from], To = w[to], Count = count, Accumulate = accumulate ? 1 : 0 }))));
    }

    void AddBiasGradient(LayerInstance row, int gradient, ParameterTensor bias)
    {
        var shape = row.Output;
        var sums = new ChannelSums(backend, shape);
        var sum = backend.Kernel<Normalization.Summing>(Normalization.SumBias);
        var finish = backend.PerValue<Normalization.Gradients>(Normalization.FinishBias);
        Steps.Add(new(
            Operation.Of(row, OperationKind.WeightGradient) with { MultiplyAdds = 0 },
            w =>
            {
                var arguments = sums.Arguments(w, w[gradient]);
                sum(sums.Grid(w.Batch), arguments);
                var target = values.Gradient(bias);
                finish(shape.Channels, new()
                {
                    Sums = arguments.Sums,
                    Products = arguments.Products,
                    Gamma = target,
                    Deviation = target,
                    GammaGradient = target,
                    BetaGradient = target,
                    InputFactor = target,
                    Constant = target,
                    Channels = shape.Channels,
                    Chunks = sums.Chunks(w.Batch),
                });
            },
            sums.ScratchLength));
    }

    static Operation Backward(LayerInstance row) => Operation.Of(row, OperationKind.InputGradient);

    Step PoolBackward(
        LayerInstance row, int kernel, int stride, int padding, int input, int gradient, int to, bool accumulate, Action<Pooling.Windows> run)
    {
        var launch = backend.PerValue(run);
        return new(Backward(row), w => Shared.Each(w, row.Input, count => launch(count, new()
        {
            Input = w[input],
            From = w[gradient],
            To = w[to],
            Large = Shared.Images(row.Input),
            Small = Shared.Images(row.Output),
            Kernel = kernel,
            Stride = new(stride),
            Padding = padding,
            Count = count,
            Accumulate = accumulate ? 1 : 0,
        })));
    }

    Step ZeroPadBackward(LayerInstance row, int stride, int gradient, int to, bool accumulate)
    {
        var kernel = backend.PerValue<ElementWise.Padding>(ElementWise.ZeroPadBackward);
        return new(Backward(row), w => Shared.Each(w, row.Input, count => kernel(count, new()
        {
            From = w[gradient],
            To = w[to],
            Images = Shared.Images(row.Input),
            Height = row.Output.Height,
            Width = row.Output.Width,
            Channels = row.Output.Channels,
            Stride = new(stride),
            Count = count,
            Accumulate = accumulate ? 1 : 0,
        })));
    }
}
