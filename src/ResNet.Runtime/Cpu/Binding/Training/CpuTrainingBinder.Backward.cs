using ResNet.Dsl;
using ResNet.Runtime.Cpu.Convolutions;
using ResNet.Runtime.Cpu.Convolutions.Choice;
using ResNet.Runtime.Cpu.Layers;
using ResNet.Runtime.Programs;
using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Cpu.Binding.Training;

sealed partial class CpuTrainingBinder
{
    public override void ConvBackward(int layer, int input, int gradient, int? to, bool accumulate = false)
    {
        var row = network.Layers[layer];
        var conv = (Conv2d)row.Layer;
        var source = _slots.Read(input, byDenseConvolution: conv.Groups == 1);
        source.NeedHalo(conv.Padding);
        var by = _slots.Read(gradient);
        if (to is not null) by.NeedHalo(InputGradient.Halo(ConvGeometry.Of(row)));
        AddConvolutionBackward(layer, source, by, to, accumulate);
    }

    public override void DenseBackward(int layer, int input, int gradient, int? to, bool accumulate = false) =>
        AddConvolutionBackward(layer, _slots.Read(input), _slots.Read(gradient), to, accumulate);

    public override void NormBackward(int layer, int input, int? rectified, int gradient, int? to, bool accumulate = false)
    {
        var (source, by) = (_slots.Read(input), _slots.Read(gradient));
        var positive = rectified is { } slot ? _slots.Read(slot) : null;
        var target = to == gradient ? by : to is { } at ? Target(at, source.Shape, accumulate) : null;
        // What was normalized may be written over element by element.
        if (to == input) target!.ShareLayout(source);
        _steps.Add(new NormBackwardStep(_norms[layer], source, positive, by, target, accumulate));
    }

    public override void ReluBackward(int rectified, int gradient)
    {
        var (positive, by) = (_slots.Read(rectified), _slots.Read(gradient));
        Add(new("ReLU", Kind: OperationKind.InputGradient), (session, part, parts) => ElementWiseBackward.Relu(session.Of(positive), session.Of(by), session.Batch, part, parts));
    }

    public override void TransformBackward(int layer, int input, int gradient, int to, bool accumulate = false)
    {
        var row = network.Layers[layer];
        var source = row.Layer is MaxPool ? _slots.Read(input) : null;
        var (by, target) = (_slots.Read(gradient), Target(to, row.Input, accumulate));
        Add(Operation.Of(row, OperationKind.InputGradient), row.Layer switch
        {
            MaxPool pool => (session, part, parts) => PoolingBackward.Max(
                session.Of(source!), session.Of(by), session.Of(target), new(pool.Kernel, pool.Stride, pool.Padding), accumulate, session.Batch, part, parts),
            AveragePool pool => (session, part, parts) => PoolingBackward.Average(
                session.Of(by), session.Of(target), new(pool.Kernel, pool.Stride, pool.Padding), accumulate, session.Batch, part, parts),
            GlobalAveragePool => (session, part, parts) =>
                PoolingBackward.GlobalAverage(session.Of(by), session.Of(target), accumulate, session.Batch, part, parts),
            ZeroPad pad => (session, part, parts) =>
                ElementWiseBackward.ZeroPad(session.Of(by), session.Of(target), pad.Stride, accumulate, session.Batch, part, parts),
            Dropout drop => Drop(row, drop, by, target, accumulate),
            _ => throw Unknown(row),
        });
    }

    public override void Pass(int from, int to, bool accumulate = false)
    {
        var source = _slots.Read(from);
        var target = Target(to, source.Shape, accumulate);
        Add(new("addition", Kind: OperationKind.InputGradient), (session, part, parts) => ElementWiseBackward.Pass(session.Of(source), session.Of(target), accumulate, session.Batch, part, parts));
    }

    Value Target(int slot, Shape shape, bool accumulate) => accumulate ? _slots.Read(slot) : _slots.Write(slot, shape);

    void AddConvolutionBackward(int layer, Value input, Value gradient, int? to, bool accumulate)
    {
        var row = network.Layers[layer];
        var target = to is { } slot ? Target(slot, row.Input, accumulate) : null;
        _steps.Add(new ConvolutionBackwardStep(row, ConvGeometry.Of(row), new(parameters, layer), input, gradient, target, accumulate));
    }

    Action<CpuTrainingSession, int, int> Drop(LayerInstance row, Dropout layer, Value from, Value to, bool accumulate)
    {
        var random = new CounterRandom(seed, row.Name);
        return (session, part, parts) => ElementWiseBackward.Dropout(
            session.Of(from), session.Of(to), new(layer.Rate, random, session.Step), accumulate, session.Batch, part, parts);
    }
}
