using ILGPU;
using ILGPU.Runtime;
using ResNet.Runtime.Data;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Optimizers;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>The values and gradients of one training step at a time.</summary>
sealed class GpuTrainingSession : DeviceTrainingSession
{
    readonly IlgpuBackend _backend;
    readonly Parameters _onHost;
    readonly DeviceParameters _parameters;
    readonly LossMemory _losses;
    readonly DeviceValues<long> _step;
    readonly GpuProgram _program;
    readonly Workspace _workspace;
    readonly float[] _gradients;
    bool _areGradientsHere = true;

    public GpuTrainingSession(IlgpuBackend backend, BoundProgram program, Parameters parameters, AttachedLosses losses, ulong seed)
    {
        (_backend, _onHost, _parameters, _losses, _step) = (backend, parameters, new(backend, parameters), new(backend, losses), new(backend, 1));
        try
        {
            _program = GpuBinder.BindTraining(backend, program, parameters, new(_parameters, _losses, _step, seed));
        }
        catch
        {
            FreeValues();
            throw;
        }
        _workspace = new(backend, _program, losses.Labels);
        _gradients = new float[parameters.Trained.Length];
    }

    /// <summary>Copied from the device when somebody asks.</summary>
    public override Span<float> Gradients
    {
        get
        {
            if (!_areGradientsHere)
                lock (_backend.Lock) _parameters.ReceiveGradients(_gradients);
            _areGradientsHere = true;
            return _gradients;
        }
    }

    public override TrainingBatch Prepare(in TrainingBatch batch)
    {
        lock (_backend.Lock)
        {
            Reserve((int)(batch.Images.Length / _program.Source.Input.Elements));
            return _workspace.Staging.Send(batch.Images.Span, batch.Labels.Span);
        }
    }

    public override void Run(in StepInput input, Span<LossResult> results, TapReceiver? taps = null, Action? meanwhile = null)
    {
        PinnedArray<float> received;
        OperationTimer? timer;
        lock (_backend.Lock)
        {
            timer = Clock is null ? null : new(_backend.Stream, Clock);
            Reserve(input.Count, withTaps: taps is not null);
            _parameters.Send();
            _parameters.KeepStatistics();
            _step.Set([input.Step]);
            _workspace.Begin(input.Images, input.Labels);
            _losses.Set(input, _workspace.Staging.Labels);
            if (taps is null) _workspace.Run(timer);
            else _workspace.Run(_program.Taps, taps);
            received = _losses.ReceiveResults(input.Count);
            timer?.Mark(new Operation("loss"), input.Count);
            _areGradientsHere = false;
            _parameters.Hold(weights: false);
            IlgpuBackend.Flush(_backend.Stream);
        }
        meanwhile?.Invoke();
        lock (_backend.Lock)
        {
            _backend.Stream.Synchronize();
            timer?.Dispose();
            _losses.Summarize(received, input.Count, input.Divisors, results);
        }
    }

    public override void UndoStatistics()
    {
        lock (_backend.Lock) _parameters.UndoStatistics();
    }

    public override void SendGradients()
    {
        lock (_backend.Lock) _parameters.SendGradients(_gradients);
    }

    public override IBoundOptimizer? CreateOptimizer(ParameterGroup[] groups, Optimizer optimizer)
    {
        if (optimizer is not Sgd sgd) return null;
        lock (_backend.Lock) return new GpuSgd(_backend, _parameters, _gradients.Length, groups, sgd);
    }

    public override WeightAverage CreateAverage(double decay)
    {
        lock (_backend.Lock) return new GpuAverage(_backend, _parameters, _onHost, decay);
    }

    public override void Dispose()
    {
        lock (_backend.Lock)
        {
            _workspace.Dispose();
            _program.Dispose();
            FreeValues();
        }
    }

    void Reserve(int batch, bool withTaps = false)
    {
        _workspace.Reserve(batch, withTaps);
        _losses.Reserve(batch);
    }

    void FreeValues()
    {
        _parameters.Dispose();
        _losses.Dispose();
        _step.Dispose();
    }
}
