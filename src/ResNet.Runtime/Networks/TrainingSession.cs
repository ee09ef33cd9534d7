using ResNet.Dsl;
using ResNet.Runtime.Cpu.Binding;
using ResNet.Runtime.Data;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Evaluation;
using ResNet.Runtime.Optimizers;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime;

/// <summary>
/// Training steps of a network: forward with the statistics of the batch, loss, backward. It serves one caller at a time. The
/// same device with the same number of threads gives the same bits.
/// </summary>
public sealed class TrainingSession : IGradientSource, IDisposable
{
    readonly Network _network;
    readonly DeviceTrainingSession _device;
    bool _disposed;

    internal TrainingSession(Network network, DeviceTrainingSession device)
    {
        _network = network;
        _device = device;
    }

    /// <summary>The gradients of the last step's loss, laid out as <see cref="Parameters.Trained"/>; open to change.</summary>
    public Span<float> Gradients => _device.Gradients;

    /// <summary>Share of the target that is spread evenly over all classes (Szegedy et al. 2016, section 7); 0 to 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not in 0 to 1.</exception>
    public float LabelSmoothing
    {
        get;
        set => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Label smoothing is a share, 0 to 1");
    }

    /// <summary>Number of the next step; moves with each. What dropout drops follows from it, so a resumed run sets it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public long Step
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    }

    /// <summary>
    /// Computes the loss of a batch and its <see cref="Gradients"/>. Moves the running statistics, as PyTorch does (by the
    /// unbiased variance); changes no trained parameter.
    /// </summary>
    /// <param name="images">batch × channels × height × width, normalized.</param>
    /// <param name="labels">The class of each image.</param>
    /// <exception cref="ArgumentException">Images and labels do not fit the network or each other.</exception>
    /// <exception cref="InvalidOperationException">A batch normalization would see a single value per channel.</exception>
    public StepResult Run(ReadOnlySpan<float> images, ReadOnlySpan<int> labels) => RunStep(images, labels, meanwhile: null);

    /// <summary>Does what <see cref="Run"/> does and takes the time of each operation.</summary>
    /// <param name="images">batch × channels × height × width, normalized.</param>
    /// <param name="labels">The class of each image.</param>
    /// <returns>The operations in the order of execution; none where the device takes no times.</returns>
    /// <exception cref="ArgumentException">Images and labels do not fit the network or each other.</exception>
    /// <exception cref="InvalidOperationException">A batch normalization would see a single value per channel.</exception>
    public IReadOnlyList<OperationTime> Profile(ReadOnlySpan<float> images, ReadOnlySpan<int> labels)
    {
        var clock = new OperationClock();
        _device.Clock = clock;
        try
        {
            Run(images, labels);
        }
        finally
        {
            _device.Clock = null;
        }
        return clock.Times;
    }

    TrainingBatch IGradientSource.Prepare(TrainingBatch batch)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Check(batch.Images.Span, batch.Labels.Span);
        return _device.Prepare(batch);
    }

    StepResult IGradientSource.Run(TrainingBatch batch, Action meanwhile) => RunStep(batch.Images.Span, batch.Labels.Span, meanwhile);

    void IGradientSource.UndoStatistics() => _device.UndoStatistics();

    void IGradientSource.SendGradients() => _device.SendGradients();

    IBoundOptimizer IGradientSource.CreateOptimizer(Parameters parameters, ParameterGroup[] groups, Optimizer optimizer) =>
        _device.CreateOptimizer(groups, optimizer) ?? new HostOptimizer(parameters, this, optimizer, groups);

    WeightAverage IGradientSource.CreateAverage(Parameters parameters, double decay) =>
        _device.CreateAverage(decay) ?? new HostAverage(parameters, decay);

    /// <summary>Releases the session's values and gradients.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _device.Dispose();
    }

    StepResult RunStep(ReadOnlySpan<float> images, ReadOnlySpan<int> labels, Action? meanwhile)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Check(images, labels);
        var result = _device.Run(new() { Images = images, Labels = labels, LabelSmoothing = LabelSmoothing, Step = Step }, meanwhile: meanwhile);
        Step++;
        return result;
    }

    void Check(ReadOnlySpan<float> images, ReadOnlySpan<int> labels)
    {
        var input = _network.Definition.Input;
        if (labels.IsEmpty || images.Length != labels.Length * input.Elements)
            throw new ArgumentException($"{images.Length} values are not one image of {input} for each of {labels.Length} labels", nameof(images));
        var classes = _network.OutputShape.Channels;
        foreach (var label in labels)
            if (label < 0 || label >= classes)
                throw new ArgumentException($"The label {label} is none of {classes} classes", nameof(labels));
        if (labels.Length > 1) return;
        foreach (var row in _network.Layers)
            if (row is { Layer: BatchNorm, Input: { Height: 1, Width: 1 } })
                throw new InvalidOperationException($"Batch normalization \"{row.Name}\" cannot train on a single value per channel, whose variance is undefined; use a larger batch");
    }
}
