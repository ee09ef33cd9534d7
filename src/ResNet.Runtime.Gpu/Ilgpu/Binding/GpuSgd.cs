using ResNet.Runtime.Gpu.Driver;
using ResNet.Runtime.Gpu.Kernels;
using ResNet.Runtime.Optimizers;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>Stochastic gradient descent in the device's memory.</summary>
sealed class GpuSgd(IlgpuDevice device, DeviceParameters parameters, int length, ParameterGroup[] groups, Sgd sgd)
    : GpuOptimizer(device, parameters, length, groups, vectors: 1)
{
    readonly Action<int, Optimizing.Update> _descend = device.PerValue<Optimizing.Update>(Optimizing.Descend);

    protected override void Update(long number, double rate, double scale)
    {
        foreach (var (start, length, factor, decay) in Groups)
            _descend(length, new()
            {
                Weights = Parameters.Weights(start, length),
                Gradients = Parameters.Gradients(start, length),
                Velocity = Remembered(0, start, length),
                Rate = (float)(rate * factor),
                Decay = (float)decay,
                Momentum = (float)sgd.Momentum,
                Scale = (float)scale,
                IsNesterov = sgd.Nesterov ? 1 : 0,
                Count = length,
            });
    }
}
