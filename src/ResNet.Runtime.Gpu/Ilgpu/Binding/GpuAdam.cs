using ResNet.Runtime.Gpu.Driver;
using ResNet.Runtime.Gpu.Kernels;
using ResNet.Runtime.Optimizers;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>An optimizer with Adam's moments in the device's memory.</summary>
abstract class GpuAdam(IlgpuDevice device, DeviceParameters parameters, int length, ParameterGroup[] groups)
    : GpuOptimizer(device, parameters, length, groups, vectors: 2)
{
    /// <summary>The values of a group that a kernel is given.</summary>
    protected Optimizing.AdamUpdate Arguments(in ParameterGroup group, double beta1, double beta2, double epsilon, long number, double rate, double scale)
    {
        var moments = new Moments(beta1, beta2, epsilon, number);
        return new()
        {
            Weights = Parameters.Weights(group.Start, group.Length),
            Gradients = Parameters.Gradients(group.Start, group.Length),
            Means = Remembered(0, group.Start, group.Length),
            Squares = Remembered(1, group.Start, group.Length),
            Rate = (float)(rate * group.RateFactor),
            Decay = (float)group.WeightDecay,
            Scale = (float)scale,
            Epsilon = (float)epsilon,
            Beta1 = (float)beta1,
            Beta2 = (float)beta2,
            Part1 = (float)(1 - beta1),
            Part2 = (float)(1 - beta2),
            Correction = (float)moments.Correction,
            Root = (float)moments.Root,
            Count = group.Length,
        };
    }
}

/// <inheritdoc cref="AdamW"/>
sealed class GpuAdamW(IlgpuDevice device, DeviceParameters parameters, int length, ParameterGroup[] groups, AdamW adam)
    : GpuAdam(device, parameters, length, groups)
{
    readonly Action<int, Optimizing.AdamUpdate> _descend = device.PerValue<Optimizing.AdamUpdate>(Optimizing.DescendAdamW);

    protected override void Update(long number, double rate, double scale)
    {
        foreach (var group in Groups) _descend(group.Length, Arguments(group, adam.Beta1, adam.Beta2, adam.Epsilon, number, rate, scale));
    }
}

/// <inheritdoc cref="Lamb"/>
sealed class GpuLamb : GpuAdam
{
    readonly Lamb _lamb;
    readonly (ParameterTensor Tensor, ParameterGroup Group)[] _tensors;
    readonly GpuBuffer<float> _direction;
    readonly SquareSums _squares;
    readonly Action<int, Optimizing.AdamUpdate> _findDirection;
    readonly Action<int, Optimizing.Following> _follow;

    public GpuLamb(IlgpuDevice device, DeviceParameters parameters, Parameters onHost, ParameterGroup[] groups, Lamb lamb)
        : base(device, parameters, onHost.ReadTrained().Length, groups)
    {
        (_lamb, _tensors) = (lamb, ParameterGroup.Tensors(onHost, groups));
        _direction = device.Allocate<float>(onHost.ReadTrained().Length);
        _squares = new(device, Adapted.SelectMany(tensor => new[] { tensor.Length, tensor.Length }));
        _findDirection = device.PerValue<Optimizing.AdamUpdate>(Optimizing.FindLambDirection);
        _follow = device.PerValue<Optimizing.Following>(Optimizing.Follow);
    }

    IEnumerable<ParameterTensor> Adapted => _tensors.Where(one => _lamb.Adapts(one.Group.WeightDecay)).Select(one => one.Tensor);

    protected override void Update(long number, double rate, double scale)
    {
        foreach (var group in Groups)
            _findDirection(group.Length, Arguments(group, _lamb.Beta1, _lamb.Beta2, _lamb.Epsilon, number, rate, scale) with
            {
                Direction = _direction.View.SubView(group.Start, group.Length),
            });
        foreach (var tensor in Adapted)
        {
            _squares.Add(Parameters.Weights(tensor.Offset, tensor.Length));
            _squares.Add(_direction.View.SubView(tensor.Offset, tensor.Length));
        }
        var (squares, next) = (_squares.Read(), 0);
        foreach (var (tensor, group) in _tensors)
        {
            var ratio = _lamb.Adapts(group.WeightDecay) ? _lamb.Ratio(group.WeightDecay, Math.Sqrt(squares[next++]), Math.Sqrt(squares[next++])) : 1;
            _follow(tensor.Length, new()
            {
                Weights = Parameters.Weights(tensor.Offset, tensor.Length),
                Direction = _direction.View.SubView(tensor.Offset, tensor.Length),
                Rate = (float)(rate * group.RateFactor * ratio),
                Count = tensor.Length,
            });
        }
    }

    protected override void Free()
    {
        base.Free();
        _direction.Dispose();
        _squares.Dispose();
    }
}
