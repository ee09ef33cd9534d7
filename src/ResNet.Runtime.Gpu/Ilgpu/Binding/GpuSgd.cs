using ILGPU;
using ILGPU.Runtime;
using ResNet.Runtime.Gpu.Kernels;
using ResNet.Runtime.Training;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>Stochastic gradient descent in the device's memory.</summary>
sealed class GpuSgd : IOptimizer
{
    /// <summary>Groups that sum squares: so many partial sums come back.</summary>
    const int SumGroups = 256;

    readonly IlgpuBackend _backend;
    readonly DeviceParameters _parameters;
    readonly IReadOnlyList<ParameterGroup> _groups;
    readonly double _momentum;
    readonly bool _nesterov;
    readonly GpuBuffer<float> _velocity, _sums;
    readonly Action<int, Optimizing.Update> _descend;
    readonly Action<KernelConfig, Optimizing.Squares> _sumSquares;
    readonly float[] _hostSums = new float[SumGroups];
    readonly int _length;

    public GpuSgd(IlgpuBackend backend, DeviceParameters parameters, int length, ParameterGroup[] groups, double momentum, bool nesterov)
    {
        (_backend, _parameters, _length, _groups, _momentum, _nesterov) = (backend, parameters, length, groups, momentum, nesterov);
        _velocity = backend.Allocate<float>(length);
        _velocity.View.MemSetToZero(backend.Accelerator.DefaultStream);
        _sums = backend.Allocate<float>(SumGroups);
        _descend = backend.PerValue<Optimizing.Update>(Optimizing.Descend);
        _sumSquares = backend.Kernel<Optimizing.Squares>(Optimizing.SumSquares);
    }

    public float[] Velocity
    {
        get
        {
            var values = new float[_length];
            lock (_backend.Lock) _velocity.View.SubView(0, _length).CopyToCPU(_backend.Accelerator.DefaultStream, values);
            return values;
        }

        set
        {
            lock (_backend.Lock) _velocity.View.SubView(0, _length).CopyFromCPU(_backend.Accelerator.DefaultStream, (ReadOnlySpan<float>)value);
        }
    }

    public double Norm()
    {
        lock (_backend.Lock)
        {
            var sum = 0.0;
            foreach (var group in _groups)
            {
                _sumSquares((SumGroups, _backend.Threads), new() { Values = _parameters.Gradients(group.Start, group.Length), Sums = _sums.View, Count = group.Length });
                _sums.View.SubView(0, SumGroups).CopyToCPU(_backend.Accelerator.DefaultStream, (Span<float>)_hostSums);
                foreach (var part in _hostSums) sum += part;
            }
            return Math.Sqrt(sum);
        }
    }

    public void Step(double rate, double scale)
    {
        lock (_backend.Lock)
        {
            foreach (var (start, length, factor, decay) in _groups)
                _descend(length, new()
                {
                    Weights = _parameters.Weights(start, length),
                    Gradients = _parameters.Gradients(start, length),
                    Velocity = _velocity.View.SubView(start, length),
                    Rate = (float)(rate * factor),
                    Decay = (float)decay,
                    Momentum = (float)_momentum,
                    Scale = (float)scale,
                    IsNesterov = _nesterov ? 1 : 0,
                    Count = length,
                });
            _parameters.Hold(weights: true);
        }
    }

    public void Dispose()
    {
        lock (_backend.Lock)
        {
            _velocity.Dispose();
            _sums.Dispose();
        }
    }
}
