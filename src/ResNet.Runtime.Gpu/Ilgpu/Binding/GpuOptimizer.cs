using ILGPU;
using ILGPU.Runtime;
using ResNet.Runtime.Gpu.Driver;
using ResNet.Runtime.Optimizers;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>An optimizer in the device's memory.</summary>
abstract class GpuOptimizer : IBoundOptimizer
{
    readonly GpuBuffer<float>[] _state;
    readonly SquareSums _squares;
    readonly int _length;

    /// <summary>Allocates what is remembered.</summary>
    /// <param name="device">The device.</param>
    /// <param name="parameters">The parameters there.</param>
    /// <param name="length">Number of trained values.</param>
    /// <param name="groups">Those that are updated.</param>
    /// <param name="vectors">Number of vectors that are remembered.</param>
    protected GpuOptimizer(IlgpuDevice device, DeviceParameters parameters, int length, IReadOnlyList<ParameterGroup> groups, int vectors)
    {
        (Device, Parameters, Groups, _length) = (device, parameters, groups, length);
        _state = [.. Enumerable.Range(0, vectors).Select(_ => device.Allocate<float>(length))];
        foreach (var vector in _state) vector.View.MemSetToZero(device.Stream);
        _squares = new(device, groups.Select(group => group.Length));
    }

    public float[][] State
    {
        get
        {
            lock (Device.Lock) return [.. _state.Select(vector => vector.Read(_length))];
        }

        set
        {
            lock (Device.Lock)
                for (var i = 0; i < _state.Length; i++) _state[i].Write(value[i]);
        }
    }

    protected IlgpuDevice Device { get; }

    protected DeviceParameters Parameters { get; }

    protected IReadOnlyList<ParameterGroup> Groups { get; }

    public double Norm()
    {
        lock (Device.Lock)
        {
            foreach (var group in Groups) _squares.Add(Parameters.Gradients(group.Start, group.Length));
            return Math.Sqrt(_squares.Read().Sum());
        }
    }

    public void Step(long number, double rate, double scale)
    {
        lock (Device.Lock)
        {
            Update(number, rate, scale);
            Parameters.Hold(weights: true);
        }
    }

    public void Dispose()
    {
        lock (Device.Lock) Free();
    }

    /// <inheritdoc cref="Step"/>
    protected abstract void Update(long number, double rate, double scale);

    protected virtual void Free()
    {
        foreach (var vector in _state) vector.Dispose();
        _squares.Dispose();
    }

    /// <summary>A part of a vector that is remembered.</summary>
    protected ArrayView<float> Remembered(int vector, int start, int length) => _state[vector].View.SubView(start, length);
}
