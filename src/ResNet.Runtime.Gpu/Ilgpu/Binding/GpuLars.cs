using ResNet.Runtime.Gpu.Driver;
using ResNet.Runtime.Gpu.Kernels;
using ResNet.Runtime.Optimizers;

namespace ResNet.Runtime.Gpu.Binding;

/// <inheritdoc cref="Lars"/>
sealed class GpuLars : GpuOptimizer
{
    readonly Lars _lars;
    readonly (ParameterTensor Tensor, ParameterGroup Group)[] _tensors;
    readonly SquareSums _squares;
    readonly Action<int, Optimizing.Update> _descend;

    public GpuLars(IlgpuDevice device, DeviceParameters parameters, Parameters onHost, ParameterGroup[] groups, Lars lars)
        : base(device, parameters, onHost.ReadTrained().Length, groups, vectors: 1)
    {
        (_lars, _tensors) = (lars, ParameterGroup.Tensors(onHost, groups));
        _squares = new(device, Adapted.SelectMany(tensor => new[] { tensor.Length, tensor.Length }));
        _descend = device.PerValue<Optimizing.Update>(Optimizing.Descend);
    }

    IEnumerable<ParameterTensor> Adapted => _tensors.Where(one => _lars.Adapts(one.Group.WeightDecay)).Select(one => one.Tensor);

    protected override void Update(long number, double rate, double scale)
    {
        foreach (var tensor in Adapted)
        {
            _squares.Add(Parameters.Weights(tensor.Offset, tensor.Length));
            _squares.Add(Parameters.Gradients(tensor.Offset, tensor.Length));
        }
        var (squares, next) = (_squares.Read(), 0);
        foreach (var (tensor, group) in _tensors)
        {
            var local = _lars.Adapts(group.WeightDecay) ? _lars.LocalRate(group.WeightDecay, Math.Sqrt(squares[next++]), scale * Math.Sqrt(squares[next++])) : 1;
            var own = rate * group.RateFactor * local;
            // The rate belongs to the velocity, so the kernel's own is 1.
            _descend(tensor.Length, new()
            {
                Weights = Parameters.Weights(tensor.Offset, tensor.Length),
                Gradients = Parameters.Gradients(tensor.Offset, tensor.Length),
                Velocity = Remembered(0, tensor.Offset, tensor.Length),
                Rate = 1,
                Decay = (float)(own * group.WeightDecay),
                Momentum = (float)_lars.Momentum,
                Scale = (float)(own * scale),
                Count = tensor.Length,
            });
        }
    }

    protected override void Free()
    {
        base.Free();
        _squares.Dispose();
    }
}
