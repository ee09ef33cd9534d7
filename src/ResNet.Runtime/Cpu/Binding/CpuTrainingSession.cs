using ResNet.Runtime.Cpu.Convolutions;
using ResNet.Runtime.Cpu.Threads;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Cpu.Binding;

/// <summary>The values and gradients of one training step at a time, over packed weights of its own.</summary>
sealed unsafe class CpuTrainingSession : DeviceTrainingSession
{
    readonly Parameters _parameters;
    readonly CpuProgram _program;
    readonly CpuTrainingState _state;
    readonly CpuRun _run;
    readonly float[] _statisticsBefore;

    public CpuTrainingSession(BoundProgram program, Parameters parameters, CpuWorkers workers, ConvolutionAlgorithm algorithm, ulong seed)
    {
        _parameters = parameters;
        _program = CpuProgram.ForTraining(program, parameters, workers, algorithm, seed);
        _state = new(parameters.Trained.Length);
        _run = new(_program, workers) { Training = _state };
        _statisticsBefore = new float[parameters.Statistics.Length];
    }

    public override Span<float> Gradients => _state.Gradients;

    public override StepResult Run(in LabelledImages batch, TapReceiver? taps = null, Action? meanwhile = null)
    {
        var count = batch.Labels.Length;
        _run.Reserve(count);
        _state.Reserve(count);
        _parameters.Statistics.CopyTo(_statisticsBefore);
        (_state.Step, _state.LabelSmoothing) = (batch.Step, batch.LabelSmoothing);
        (_run.Taps, _run.Clock) = (taps, Clock);
        fixed (float* images = batch.Images)
        fixed (int* labels = batch.Labels)
        {
            _run.Images = images;
            _state.Labels = labels;
            _run.Execute(0, count);
        }
        return _state.Summarize(count);
    }

    public override void UndoStatistics() => _statisticsBefore.CopyTo(_parameters.EditStatistics());

    public override void Dispose()
    {
        _run.Dispose();
        _program.Dispose();
    }
}
