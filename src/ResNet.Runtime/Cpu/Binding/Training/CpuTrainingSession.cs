using ResNet.Runtime.Cpu.Layers;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Cpu.Threads;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Evaluation;

namespace ResNet.Runtime.Cpu.Binding.Training;

/// <summary>The values and gradients of one training step at a time, over packed weights of its own.</summary>
sealed unsafe class CpuTrainingSession : DeviceTrainingSession, ICpuJob
{
    readonly Network _network;
    readonly Parameters _parameters;
    readonly CpuWorkers _workers;
    readonly TrainingProgram _program;
    readonly CpuTrainingPass _pass;
    readonly float[] _gradients, _statisticsBefore;
    NativeBuffer? _scratch;
    int _reserved;
    (double Loss, bool IsCorrect)[] _results = [];
    float* _images;
    int* _labels;
    double _smoothing;
    TrainingStep? _step;
    int _phase;

    public CpuTrainingSession(Network network, Parameters parameters, CpuWorkers workers, ConvolutionAlgorithm algorithm, ulong seed)
    {
        (_network, _parameters, _workers) = (network, parameters, workers);
        var binder = new CpuTrainingBinder(network, parameters, workers.Count, seed);
        network.Execute(binder);
        _program = binder.Finish(algorithm);
        Arena = new(_program.SlotSizes);
        _pass = new(this);
        _gradients = new float[parameters.Trained.Length];
        _statisticsBefore = new float[parameters.Statistics.Length];
    }

    public override Span<float> Gradients => _gradients;

    /// <summary>Number of images of the step that runs.</summary>
    public int Batch { get; private set; }

    /// <summary>Number of the step that runs.</summary>
    public long Step { get; private set; }

    /// <summary>The memory of the values.</summary>
    public Arena Arena { get; }

    /// <summary>Memory that each operation may use while it runs.</summary>
    public float* Scratch => _scratch!.Data;

    /// <summary>The memory of a value.</summary>
    public FeatureMaps Of(Value value) => Arena.Of(value);

    /// <summary>The gradient of a parameter.</summary>
    public Span<float> GradientOf(ParameterTensor parameter) => _gradients.AsSpan(parameter.Offset, parameter.Length);

    public override StepResult Run(in LabelledImages batch, Action? meanwhile)
    {
        Reserve(batch.Labels.Length);
        _parameters.Statistics.CopyTo(_statisticsBefore);
        (Batch, Step, _smoothing) = (batch.Labels.Length, batch.Step, batch.LabelSmoothing);
        fixed (float* images = batch.Images)
        fixed (int* labels = batch.Labels)
        {
            _images = images;
            _labels = labels;
            _pass.Begin();
            _network.Execute(_pass);
        }
        var (loss, correct) = (0.0, 0);
        foreach (var result in _results.AsSpan(0, Batch))
        {
            loss += result.Loss;
            if (result.IsCorrect) correct++;
        }
        return new(loss / Batch, correct);
    }

    public override void UndoStatistics() => _statisticsBefore.CopyTo(_parameters.EditStatistics());

    /// <summary>Executes the n-th operation of the program with all workers.</summary>
    public void Execute(int operation)
    {
        _step = _program.Steps[operation];
        for (_phase = 0; _phase < _step.Phases; _phase++)
        {
            _workers.Run(this, _workers.Count);
            Clock?.Lap(_step.OperationOf(_phase), Batch);
        }
    }

    void ICpuJob.Execute(int part, int parts) => _step!.Run(this, _phase, part, parts);

    public void ReadInput(Value images, int part, int parts)
    {
        var length = checked((int)(Batch * images.Shape.Elements));
        LayoutConversion.FromNchw(new(_images, length), Of(images), Batch, part, parts);
    }

    public void EvaluateLoss(Value logits, Value gradient, int part, int parts)
    {
        var (first, end) = WorkSplit.Slice(Batch, part, parts);
        for (var image = first; image < end; image++)
            _results[image] = CrossEntropy.Run(Of(logits), Of(gradient), image, _labels[image], _smoothing, Batch);
    }

    public override void Dispose()
    {
        _program.Dispose();
        Arena.Dispose();
        _scratch?.Dispose();
    }

    void Reserve(int batch)
    {
        if (batch > _results.Length)
        {
            Arena.Reserve(batch);
            _results = new (double, bool)[batch];
        }
        // A smaller batch may be cut otherwise, and take more.
        if (batch == _reserved) return;
        var length = 0L;
        foreach (var step in _program.Steps) length = Math.Max(length, step.ScratchLength(batch, _workers.Count));
        if (_scratch is null || length > _scratch.Length)
        {
            _scratch?.Dispose();
            _scratch = new(length, clear: false);
        }
        _reserved = batch;
    }
}
