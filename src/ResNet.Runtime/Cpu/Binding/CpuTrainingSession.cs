using ResNet.Runtime.Communication;
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

    public CpuTrainingSession(BoundProgram program, Parameters parameters, CpuWorkers workers, ConvolutionAlgorithm algorithm, AttachedLosses losses, ulong seed)
    {
        _parameters = parameters;
        _program = CpuProgram.ForTraining(program, parameters, workers, algorithm, losses, seed);
        _state = new(parameters.ReadTrained().Length, losses);
        _run = new(_program, workers) { Training = _state };
        _statisticsBefore = new float[parameters.ReadStatistics().Length];
    }

    public override Span<float> Gradients => _state.Gradients;

    public override void Run(in StepInput input, Span<LossResult> results, TapReceiver? taps = null, Action? meanwhile = null, TargetSource? ask = null)
    {
        _run.Reserve(input.Count);
        _parameters.ReadStatistics().CopyTo(_statisticsBefore);
        (_run.Taps, _run.Clock, _run.OnGradient) = (taps, Clock, OnGradient);
        _state.Begin(input.Count, input.Step);
        fixed (float* images = input.Images)
        {
            _run.Images = images;
            _run.Execute(0, input.Count, .._program.FirstLoss);
        }
        RunBackward(ask is null ? input : ask());
        // Weights that another thread has packed during the step have old and new statistics.
        _parameters.Touch();
        _state.Summarize(results);
    }

    /// <summary>Computes the losses, and goes back from them.</summary>
    void RunBackward(in StepInput targets)
    {
        fixed (float* values = targets.Values, weights = targets.Weights)
        fixed (int* labels = targets.Labels)
        {
            _state.SetTargets(targets, labels, values, weights);
            _run.Execute(0, targets.Count, _program.FirstLoss..);
        }
    }

    public override void SynchronizeNormalization(CommunicationThread thread) => _program.SynchronizeNormalization(thread);

    public override void UndoStatistics() => _parameters.EditStatistics(statistics => _statisticsBefore.CopyTo(statistics));

    public override void Dispose()
    {
        _run.Dispose();
        _program.Dispose();
    }
}
