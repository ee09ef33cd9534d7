using ILGPU;
using ILGPU.Runtime;
using ResNet.Runtime.Gpu.Driver;
using ResNet.Runtime.Gpu.Kernels;
using ResNet.Runtime.Optimizers;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>Stochastic gradient descent in the device's memory.</summary>
sealed class GpuSgd : IBoundOptimizer
{
    /// <summary>Most thread groups that sum the squares of a parameter group: so many partial sums come back.</summary>
    const int MostSums = 256;

    readonly IlgpuDevice _device;
    readonly DeviceParameters _parameters;
    readonly IReadOnlyList<ParameterGroup> _groups;
    readonly Sgd _sgd;
    readonly GpuBuffer<float> _velocity, _sums;
    readonly Action<int, Optimizing.Update> _descend;
    readonly Action<KernelConfig, Optimizing.Squares> _sumSquares;
    readonly int _length;

    public GpuSgd(IlgpuDevice device, DeviceParameters parameters, int length, ParameterGroup[] groups, Sgd sgd)
    {
        (_device, _parameters, _length, _groups, _sgd) = (device, parameters, length, groups, sgd);
        _velocity = device.Allocate<float>(length);
        _velocity.View.MemSetToZero(device.Stream);
        _sums = device.Allocate<float>(groups.Sum(group => SumsOf(group.Length)));
        _descend = device.PerValue<Optimizing.Update>(Optimizing.Descend);
        _sumSquares = device.Kernel<Optimizing.Squares>(Optimizing.SumSquares);
    }

    public float[][] State
    {
        get
        {
            lock (_device.Lock) return [_velocity.Read(_length)];
        }

        set
        {
            lock (_device.Lock) _velocity.Write(value[0]);
        }
    }

    /// <inheritdoc/>
    /// <remarks>Squares are summed in single precision: a gradient of more than 10¹⁹ counts as infinite.</remarks>
    public double Norm()
    {
        lock (_device.Lock)
        {
            var sums = 0;
            foreach (var (start, length, _, _) in _groups)
            {
                var count = SumsOf(length);
                _sumSquares((count, _device.Threads), new() { Values = _parameters.Gradients(start, length), Sums = _sums.View.SubView(sums, count), Count = length });
                sums += count;
            }
            var sum = 0.0;
            foreach (var part in _sums.Read(sums)) sum += part;
            return Math.Sqrt(sum);
        }
    }

    public void Step(long number, double rate, double scale)
    {
        lock (_device.Lock)
        {
            foreach (var (start, length, factor, decay) in _groups)
                _descend(length, new()
                {
                    Weights = _parameters.Weights(start, length),
                    Gradients = _parameters.Gradients(start, length),
                    Velocity = _velocity.View.SubView(start, length),
                    Rate = (float)(rate * factor),
                    Decay = (float)decay,
                    Momentum = (float)_sgd.Momentum,
                    Scale = (float)scale,
                    IsNesterov = _sgd.Nesterov ? 1 : 0,
                    Count = length,
                });
            _parameters.Hold(weights: true);
        }
    }

    public void Dispose()
    {
        lock (_device.Lock)
        {
            _velocity.Dispose();
            _sums.Dispose();
        }
    }

    int SumsOf(int length) => Math.Min(MostSums, (length + _device.Threads - 1) / _device.Threads);
}
