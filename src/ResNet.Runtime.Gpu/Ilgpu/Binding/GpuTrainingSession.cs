using ILGPU;
using ResNet.Runtime.Training;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>The values and gradients of one training step at a time.</summary>
sealed class GpuTrainingSession : DeviceTrainingSession
{
    readonly IlgpuBackend _backend;
    readonly Parameters _onHost;
    readonly DeviceParameters _parameters;
    readonly TrainingBinder _binder;
    readonly Workspace _workspace;
    readonly float[] _gradients;
    GpuBuffer<int>? _labels;
    GpuBuffer<float>? _results;
    float[] _resultsOnHost = [];
    bool _areGradientsHere = true;

    public GpuTrainingSession(IlgpuBackend backend, Network network, Parameters parameters, ulong seed)
    {
        (_backend, _onHost, _parameters) = (backend, parameters, new(backend, parameters));
        _binder = new(backend, network, parameters, _parameters, this, seed);
        try
        {
            network.Execute(_binder);
        }
        catch
        {
            _binder.Dispose();
            _parameters.Dispose();
            throw;
        }
        _workspace = new(backend, _binder.SlotSizes, _binder.Operations);
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
    public long Step { get; private set; }

    /// <summary>Label smoothing of the step that runs.</summary>
    public float Smoothing { get; private set; }

    /// <summary>The class of each image.</summary>
    public ArrayView<int> Labels => _labels!.View;

    /// <summary>Per image, the loss and whether the guess was right.</summary>
    public ArrayView<float> Results => _results!.View;

    public override StepResult Run(in LabelledImages batch)
    {
        lock (_backend.Lock)
        {
            var images = batch.Labels.Length;
            (Step, Smoothing) = (batch.Step, batch.LabelSmoothing);
            _workspace.Begin(images, batch.Images.Length / images);
            Reserve(images);
            _parameters.Send();
            _parameters.KeepStatistics();
            _workspace.Send(batch.Images);
            _labels!.Write(batch.Labels);
            _workspace.Run(0, _binder.Operations.Count);
            _areGradientsHere = false;
            var results = _resultsOnHost.AsSpan(0, 2 * images);
            _results!.Read(results);
            _parameters.Hold(weights: false);
            var (loss, correct) = (0.0, 0);
            for (var i = 0; i < images; i++)
            {
                loss += results[2 * i];
                correct += (int)results[2 * i + 1];
            }
            return new(loss / images, correct);
        }
    }

    public override void UndoStatistics()
    {
        lock (_backend.Lock) _parameters.UndoStatistics();
    }

    public override IOptimizer CreateSgd(ParameterGroup[] groups, double momentum, bool nesterov)
    {
        lock (_backend.Lock) return new GpuSgd(_backend, _parameters, _gradients.Length, groups, momentum, nesterov);
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
            _binder.Dispose();
            _parameters.Dispose();
            _labels?.Dispose();
            _results?.Dispose();
        }
    }

    void Reserve(int batch)
    {
        if (_resultsOnHost.Length >= 2 * batch) return;
        _labels?.Dispose();
        _results?.Dispose();
        _labels = _backend.Allocate<int>(batch);
        _results = _backend.Allocate<float>(2 * batch);
        _resultsOnHost = new float[2 * batch];
    }
}
