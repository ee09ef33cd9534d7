using ResNet.Runtime.Gpu.Driver;
using ResNet.Runtime.Gpu.Kernels;
using ResNet.Runtime.Optimizers;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>The average of the weights in the device's memory.</summary>
sealed class GpuAverage(IlgpuDevice device, DeviceParameters values, Parameters parameters, double decay) : WeightAverage(parameters, decay)
{
    readonly GpuBuffer<float> _trained = device.Upload(parameters.ReadTrained()), _statistics = device.Upload(parameters.ReadStatistics());
    readonly int _trainedCount = parameters.ReadTrained().Length, _statisticsCount = parameters.ReadStatistics().Length;
    readonly Action<int, Optimizing.Averaging> _average = device.PerValue<Optimizing.Averaging>(Optimizing.Average);

    public override float[] Trained
    {
        get
        {
            lock (device.Lock) return _trained.Read(_trainedCount);
        }

        set
        {
            lock (device.Lock) _trained.Write(value);
        }
    }

    public override float[] Statistics
    {
        get
        {
            lock (device.Lock) return _statistics.Read(_statisticsCount);
        }

        set
        {
            lock (device.Lock) _statistics.Write(value);
        }
    }

    public override void Dispose()
    {
        lock (device.Lock)
        {
            _trained.Dispose();
            _statistics.Dispose();
        }
    }

    protected override void Move(float part)
    {
        lock (device.Lock)
        {
            values.Send();
            if (_trainedCount > 0) _average(_trainedCount, new() { Average = _trained.View, Values = values.Trained, Part = part, Count = _trainedCount });
            if (_statisticsCount > 0) _average(_statisticsCount, new() { Average = _statistics.View, Values = values.Statistics, Part = part, Count = _statisticsCount });
        }
    }
}
