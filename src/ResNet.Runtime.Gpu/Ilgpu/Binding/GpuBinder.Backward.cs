using ResNet.Dsl;
using ResNet.Runtime.Gpu.Kernels;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Gpu.Binding;

sealed partial class GpuBinder
{
    IEnumerable<GpuStep> Bind(ConvolveBackward convolve)
    {
        var (row, input, gradient, accumulate) = (convolve.Row, convolve.Input, convolve.Gradient, convolve.Accumulate);
        var launcher = ConvolutionLauncher.Of(device, row);
        var weight = parameters[row.Index, ParameterKind.Weight];
        // The weights come first: the target may take the input's place.
        yield return new(
            convolve.Operation,
            w => launcher.WeightGradient(w.Batch, w[input], w[gradient], w.Scratch, Training.Parameters.Gradient(weight)),
            launcher.ScratchLength,
            launcher.WeightGradientAlgorithm);
        if (parameters.TryGetValue(row.Index, ParameterKind.Bias, out var bias)) yield return BiasGradient(row, gradient, bias);
        if (convolve.Target is not { } target) yield break;
        // Together they do the layer's products: the first one counts them.
        var operation = Operation.Of(row, OperationKind.InputGradient);
        foreach (var phase in launcher.Phases.Where(phase => phase.Taps > 0 || !accumulate))
        {
            yield return new(
                operation,
                w =>
                {
                    launcher.Pack(weights(weight), w.Scratch, phase);
                    launcher.InputGradient(phase, w.Batch, w[gradient], w.Scratch, w[target], accumulate);
                },
                _ => launcher.PackedLengthOf(phase),
                batch => launcher.InputGradientAlgorithm(phase, batch));
            operation = operation with { MultiplyAdds = 0 };
        }
    }

    GpuStep Bind(NormalizeBackward normalize)
    {
        var norm = _norms[normalize.Row.Index];
        return new(
            normalize.Operation,
            w => norm.Backward(
                w, w.Find(normalize.Input), w.Find(normalize.Rectified), w[normalize.Gradient], w.Find(normalize.Target), normalize.Accumulate),
            norm.ScratchLength);
    }

    GpuStep Bind(TransformBackward transform) => transform.Row.Layer switch
    {
        MaxPool pool => PoolBackward(transform, pool.Kernel, pool.Stride, pool.Padding, transform.Input!, Pooling.MaxBackward),
        AveragePool pool => PoolBackward(transform, pool.Kernel, pool.Stride, pool.Padding, transform.Gradient, Pooling.AverageBackward),
        GlobalAveragePool => PoolBackward(transform, 1, 1, 0, transform.Gradient, Pooling.GlobalAverageBackward),
        ZeroPad pad => ZeroPadBackward(transform, pad.Stride),
        Sigmoid => Combine(transform.Operation, ElementWise.SigmoidBackward, transform.Gradient, transform.Input!, transform.Target, transform.Accumulate),
        Flatten => FlattenBackward(transform),
        { ActsInTrainingAlone: true } => Drop(transform.Operation, transform.Row, transform.Gradient, transform.Target, transform.Accumulate),
        _ => throw new NotSupportedException($"Graphics devices have no backward kernel for {transform.Row.Layer}"),
    };

    GpuStep Pass(Operation operation, Action<ElementWise.Passing> run, BoundValue from, BoundValue to, bool accumulate)
    {
        var kernel = device.PerValue(run);
        return new(operation, w => Shared.Each(w, from.Shape, count => kernel(count, new() { From = w[from], To = w[to], Count = count, Accumulate = accumulate ? 1 : 0 })));
    }

    GpuStep Combine(Operation operation, Action<ElementWise.Combining> run, BoundValue left, BoundValue right, BoundValue to, bool accumulate)
    {
        var kernel = device.PerValue(run);
        return new(operation, w => Shared.Each(w, left.Shape, count => kernel(count, new()
        {
            Left = w[left],
            Right = w[right],
            To = w[to],
            Count = count,
            Accumulate = accumulate ? 1 : 0,
        })));
    }

    GpuStep BiasGradient(LayerInstance row, BoundValue gradient, ParameterTensor bias)
    {
        var shape = row.Output;
        var sums = new ChannelSums(device, shape);
        var sum = device.Kernel<Normalization.Summing>(Normalization.SumBias);
        var finish = device.PerValue<Normalization.Gradients>(Normalization.FinishBias);
        return new(
            Operation.Of(row, OperationKind.WeightGradient) with { MultiplyAdds = 0 },
            w =>
            {
                var arguments = sums.Arguments(w, w[gradient]);
                sum(sums.Grid(w.Batch), arguments);
                var target = Training.Parameters.Gradient(bias);
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
            sums.ScratchLength);
    }

    GpuStep PoolBackward(TransformBackward transform, int kernel, int stride, int padding, BoundValue input, Action<Pooling.Windows> run)
    {
        var row = transform.Row;
        var launch = device.PerValue(run);
        return new(transform.Operation, w => Shared.Each(w, row.Input, count => launch(count, new()
        {
            Input = w[input],
            From = w[transform.Gradient],
            To = w[transform.Target],
            Large = Shared.Images(row.Input),
            Small = Shared.Images(row.Output),
            Kernel = kernel,
            Stride = new(stride),
            Padding = padding,
            Count = count,
            Accumulate = transform.Accumulate ? 1 : 0,
        })));
    }

    GpuStep ZeroPadBackward(TransformBackward transform, int stride)
    {
        var row = transform.Row;
        var kernel = device.PerValue<ElementWise.Padding>(ElementWise.ZeroPadBackward);
        return new(transform.Operation, w => Shared.Each(w, row.Input, count => kernel(count, new()
        {
            From = w[transform.Gradient],
            To = w[transform.Target],
            Images = Shared.Images(row.Input),
            Height = row.Output.Height,
            Width = row.Output.Width,
            Channels = row.Output.Channels,
            Stride = new(stride),
            Count = count,
            Accumulate = transform.Accumulate ? 1 : 0,
        })));
    }

    GpuStep FlattenBackward(TransformBackward transform)
    {
        var shape = transform.Row.Input;
        var kernel = device.PerValue<Layouts.Copy>(Layouts.FromNchw);
        return new(transform.Operation, w => Shared.Each(w, shape, count => kernel(count, new()
        {
            From = w[transform.Gradient],
            To = w[transform.Target],
            Images = Shared.Images(shape),
            Count = count,
            Accumulate = transform.Accumulate ? 1 : 0,
        })));
    }
}
