using ResNet.Dsl;
using ResNet.Runtime.Cpu.Layers;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Cpu.Binding;

sealed partial class CpuBinder
{
    CpuStep Bind(EvaluateLoss loss)
    {
        var (output, gradient) = (_values[loss.Logits], _values[loss.Gradient]);
        return Losses![loss.Output] is { } attached
            ? new LossStep(loss.Operation, attached, output, gradient)
            : Step(loss, (run, part, parts) => run.Of(gradient).Clear(run.Batch, part, parts));
    }

    ConvolutionBackwardStep Bind(ConvolveBackward convolve) => new(
        convolve.Row, convolve.Geometry, new(parameters, convolve.Row.Index), _values[convolve.Input], _values[convolve.Gradient], Find(convolve.Target), convolve.Accumulate);

    NormBackwardStep Bind(NormalizeBackward normalize) => new(_norms[normalize.Row.Index], new(
        Find(normalize.Input), Find(normalize.Rectified), _values[normalize.Gradient], Find(normalize.Target), normalize.Accumulate));

    CpuKernel Backward(RectifyBackward rectify)
    {
        var (positive, by) = (_values[rectify.Rectified], _values[rectify.Gradient]);
        return (run, part, parts) => ElementWiseBackward.Relu(run.Of(positive), run.Of(by), run.Batch, part, parts);
    }

    CpuKernel Backward(PassGradient pass)
    {
        var (from, to, accumulate) = (_values[pass.From], _values[pass.To], pass.Accumulate);
        return (run, part, parts) => ElementWiseBackward.Pass(run.Of(from), run.Of(to), accumulate, run.Batch, part, parts);
    }

    CpuKernel Backward(TransformBackward transform)
    {
        var (source, by, target, accumulate) = (Find(transform.Input), _values[transform.Gradient], _values[transform.Target], transform.Accumulate);
        return transform.Row.Layer switch
        {
            MaxPool pool => (run, part, parts) => PoolingBackward.Max(
                run.Of(source!), run.Of(by), run.Of(target), new(pool.Kernel, pool.Stride, pool.Padding), accumulate, run.Batch, part, parts),
            AveragePool pool => (run, part, parts) => PoolingBackward.Average(
                run.Of(by), run.Of(target), new(pool.Kernel, pool.Stride, pool.Padding), accumulate, run.Batch, part, parts),
            GlobalAveragePool => (run, part, parts) => PoolingBackward.GlobalAverage(run.Of(by), run.Of(target), accumulate, run.Batch, part, parts),
            ZeroPad pad => (run, part, parts) => ElementWiseBackward.ZeroPad(run.Of(by), run.Of(target), pad.Stride, accumulate, run.Batch, part, parts),
            Sigmoid => (run, part, parts) => Logistic.Backward(run.Of(source!), run.Of(by), run.Of(target), accumulate, run.Batch, part, parts),
            Flatten => (run, part, parts) => Flattening.Backward(run.Of(by), run.Of(target), accumulate, run.Batch, part, parts),
            { ActsInTrainingAlone: true } => Drop(transform.Row, by, target, accumulate),
            _ => throw new NotSupportedException($"The processor has no backward kernel for {transform.Row.Layer}"),
        };
    }

    CpuKernel Drop(LayerInstance row, CpuValue from, CpuValue to, bool accumulate)
    {
        var rule = DropRule.Of(row, parameters.Layers, Seed);
        return row.Layer is Dropout
            ? (run, part, parts) => Dropping.Values(run.Of(from), run.Of(to), rule, run.Step, accumulate, run.Batch, part, parts)
            : (run, part, parts) => Dropping.Images(run.Of(from), run.Of(to), rule, run.Step, accumulate, run.Batch, part, parts);
    }

    CpuValue? Find(BoundValue? value) => value is null ? null : _values[value];
}
