using ResNet.Runtime.Cpu.Binding;
using ResNet.Runtime.Cpu.Binding.Training;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Cpu.Threads;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Tests.Networks;

/// <summary>On the CPU, which executes the program at every step.</summary>
sealed class RecordedCpuTraining : RecordedTraining
{
    readonly CpuWorkers _workers = new(2);
    readonly List<Value> _watched = [];
    readonly CpuTrainingSession _session;
    int _next;

    public RecordedCpuTraining(Network network, ConvolutionAlgorithm algorithm, ulong seed) : base(network) =>
        _session = new(Network, network.Parameters, _workers, algorithm, seed);

    protected override DeviceTrainingSession Session => _session;

    public override void Dispose()
    {
        base.Dispose();
        _workers.Dispose();
    }

    protected override void Look(TrainingPass run, int slot, Queue<float[]> seen)
    {
        if (run is CpuTrainingBinder binder) _watched.Add(binder.ValueIn(slot));
        else seen.Enqueue(Read(_watched[_next++ % _watched.Count]));
    }

    float[] Read(Value value)
    {
        var values = new float[(int)(_session.Batch * value.Shape.Elements)];
        LayoutConversion.ToNchw(_session.Of(value), values, _session.Batch, 0, 1);
        return values;
    }
}
