using ILGPU;
using ILGPU.Runtime;
using ResNet.Runtime.Data;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Gpu.Driver;
using ResNet.Runtime.Optimizers;
using ResNet.Runtime.Programs;
using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>The values and gradients of one training step at a time.</summary>
sealed class GpuTrainingSession : DeviceTrainingSession
{
    readonly IlgpuDevice _device;
    readonly Parameters _onHost;
    readonly DeviceParameters _parameters;
    readonly LossMemory _losses;
    readonly DeviceValues<long> _step;
    readonly GpuProgram _program;
    readonly Workspace _workspace;
    readonly float[] _gradients;
    bool _areGradientsHere = true;

    public GpuTrainingSession(IlgpuDevice device, BoundProgram program, Parameters parameters, AttachedLosses losses, ulong seed)
    {
        (_device, _onHost, _parameters, _losses, _step) = (device, parameters, new(device, parameters), new(device, losses), new(device, 1));
        try
        {
            _program = GpuBinder.BindTraining(device, program, parameters, new(_parameters, _losses, _step, seed));
        }
        catch
        {
            FreeValues();
            throw;
        }
        _workspace = new(device, _program, losses.Labels);
        _gradients = new float[parameters.ReadTrained().Length];
    }

    /// <summary>Copied from the device when they are asked for.</summary>
    public override Span<float> Gradients
    {
        get
        {
            if (!_areGradientsHere)
                lock (_device.Lock) _parameters.ReceiveGradients(_gradients);
            _areGradientsHere = true;
            return _gradients;
        }
    }

    public override TrainingBatch Prepare(in TrainingBatch batch)
    {
        lock (_device.Lock)
        {
            Reserve((int)(batch.Images.Length / _program.Source.Input.Elements));
            return _workspace.Staging.Send(batch.Images.Span, batch.Labels.Span);
        }
    }

    public override bool Takes(ResidentValues values) => values is GpuValues here && here.Device == _device;

    public override void Run(in StepInput input, Span<LossResult> results, TapReceiver? taps = null, Action? meanwhile = null, TargetSource? ask = null)
    {
        var targets = input;
        PinnedArray<float> received;
        OperationTimer? timer;
        lock (_device.Lock)
        {
            timer = Clock is null ? null : new(_device.Stream, Clock);
            Reserve(input.Count, withTaps: taps is not null);
            _parameters.Send();
            _parameters.KeepStatistics();
            _step.Set([input.Step]);
            if (input.Resident is GpuValues resident) _workspace.Begin(resident);
            else _workspace.Begin(input.Images, input.Labels);
            if (ask is not null)
            {
                _workspace.RunForward(taps!);
                targets = ask();
                _losses.Set(targets);
                _workspace.RunBackward(taps!);
            }
            else
            {
                _losses.Set(input, _workspace.Staging.Labels);
                if (taps is null) _workspace.Run(timer);
                else _workspace.Run(taps);
            }
            received = _losses.ReceiveResults(input.Count);
            timer?.Mark(new Operation("loss"), input.Count);
            _areGradientsHere = false;
            _parameters.Hold(weights: false);
            IlgpuDevice.Flush(_device.Stream);
        }
        meanwhile?.Invoke();
        lock (_device.Lock)
        {
            _device.Stream.Synchronize();
            timer?.Dispose();
            _losses.Summarize(received, input.Count, targets.Divisors, results);
        }
    }

    public override void UndoStatistics()
    {
        lock (_device.Lock) _parameters.UndoStatistics();
    }

    public override void SendGradients()
    {
        lock (_device.Lock) _parameters.SendGradients(_gradients);
    }

    public override IBoundOptimizer? CreateOptimizer(ParameterGroup[] groups, Optimizer optimizer)
    {
        lock (_device.Lock)
            return optimizer switch
            {
                Sgd sgd => new GpuSgd(_device, _parameters, _gradients.Length, groups, sgd),
                AdamW adam => new GpuAdamW(_device, _parameters, _gradients.Length, groups, adam),
                Lamb lamb => new GpuLamb(_device, _parameters, _onHost, groups, lamb),
                Lars lars => new GpuLars(_device, _parameters, _onHost, groups, lars),
                _ => null,
            };
    }

    public override WeightAverage CreateAverage(double decay)
    {
        lock (_device.Lock) return new GpuAverage(_device, _parameters, _onHost, decay);
    }

    public override void Dispose()
    {
        lock (_device.Lock)
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
