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
    readonly DeviceValue<long> _step;
    readonly GpuProgram _program;
    readonly Workspace _workspace;
    readonly float[] _gradients;
    GpuBuffer<int>? _labels;
    GpuBuffer<float>? _results;
    PinnedArray<float>? _resultsOnHost;
    bool _areGradientsHere = true;

    public GpuTrainingSession(IlgpuBackend backend, BoundProgram program, Parameters parameters, AttachedLosses losses, ulong seed)
    {
        (_backend, _onHost, _parameters, _step) = (backend, parameters, new(backend, parameters), new(backend));
        try
        {
            _program = GpuBinder.BindTraining(backend, program, parameters, new(_parameters, this, losses, seed));
        }
        catch
        {
            FreeValues();
            throw;
        }
        _workspace = new(backend, _program);
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

    /// <summary>Number of the step that runs.</summary>
    public ArrayView<long> Step => _step.View;

    /// <summary>The class of each image.</summary>
    public ArrayView<int> Labels => _labels!.View;

    /// <summary>Per image, the loss and whether the guess was right.</summary>
    public ArrayView<float> Results => _results!.View;

    public override TrainingBatch Prepare(in TrainingBatch batch)
    {
        lock (_backend.Lock)
        {
            Reserve(batch.Labels.Length);
            return _workspace.Staging.Send(batch.Images.Span, batch.Labels.Span);
        }
    }

    public override void Run(in StepInput input, Span<LossResult> losses, TapReceiver? taps = null, Action? meanwhile = null)
    {
        if (!input.Weights.IsEmpty) throw new NotSupportedException("Graphics devices have no kernel for weights of a loss");
        var images = input.Count;
        PinnedArray<float> results;
        OperationTimer? timer;
        lock (_backend.Lock)
        {
            timer = Clock is null ? null : new(_backend.Stream, Clock);
            Reserve(images, withTaps: taps is not null);
            results = _resultsOnHost!;
            _parameters.Send();
            _parameters.KeepStatistics();
            _step.Set(input.Step);
            _workspace.Begin(input.Images, input.Labels);
            // What follows finds the labels in one place, wherever this batch has come to.
            _workspace.Staging.Labels.SubView(0, images).CopyTo(_backend.Stream, Labels.SubView(0, images));
            if (taps is null) _workspace.Run(timer);
            else _workspace.Run(_program.Taps, taps);
            _results!.Receive(results, 2 * images);
            timer?.Mark(new Operation("loss"), images);
            _areGradientsHere = false;
            _parameters.Hold(weights: false);
            IlgpuBackend.Flush(_backend.Stream);
        }
        meanwhile?.Invoke();
        lock (_backend.Lock)
        {
            _backend.Stream.Synchronize();
            timer?.Dispose();
        }
        var (loss, correct) = (0.0, 0);
        for (var i = 0; i < images; i++)
        {
            loss += results.Span[2 * i];
            correct += (int)results.Span[2 * i + 1];
        }
        losses[0] = new(loss / images, correct);
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
            FreeResults();
        }
    }

    void Reserve(int batch, bool withTaps = false)
    {
        _workspace.Reserve(batch, withTaps);
        if (_results is not null && Results.Length >= 2 * batch) return;
        _backend.Stream.Synchronize();
        FreeResults();
        _labels = _backend.Allocate<int>(batch);
        _results = _backend.Allocate<float>(2 * batch);
        _resultsOnHost = new(_backend.Accelerator, 2 * batch);
    }

    void FreeResults()
    {
        _labels?.Dispose();
        _results?.Dispose();
        _resultsOnHost?.Dispose();
    }

    void FreeValues()
    {
        _parameters.Dispose();
        _step.Dispose();
    }
}
