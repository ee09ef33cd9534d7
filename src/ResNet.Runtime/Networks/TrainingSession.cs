using ResNet.Dsl;
using ResNet.Runtime.Communication;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Optimizers;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime;

/// <summary>
/// Training steps of a network: forward with the statistics of the batch, losses, backward. It serves one caller at a time. The
/// same device with the same number of threads gives the same bits.
/// </summary>
public sealed class TrainingSession : IGradientSource, IDisposable
{
    readonly AttachedLosses _losses;
    readonly DeviceTrainingSession _device;
    readonly StepTargets _targets;
    readonly OutputTensors _values, _gradients;
    readonly LossResult[] _results;
    readonly IReadOnlyList<NetworkOutput> _outputs;
    readonly Dictionary<string, double> _lossesByName;
    // Cannot train on one image.
    readonly string? _singleValueNorm;
    // Dispose waits for the step that another thread is in: kernels write to memory that it frees.
    readonly Lock _lock = new();
    bool _disposed;

    /// <param name="network">The network as it is trained, with what is frozen.</param>
    /// <param name="losses">The losses at its outputs.</param>
    /// <param name="device">Computes the steps; the session disposes it.</param>
    /// <param name="values">Receives the values of outputs, if targets follow from them.</param>
    /// <param name="gradients">Receives the gradients by outputs.</param>
    internal TrainingSession(NetworkDefinition network, AttachedLosses losses, DeviceTrainingSession device, OutputTensors values, OutputTensors gradients)
    {
        (_losses, _device, _targets, _values, _gradients) = (losses, device, new(losses), values, gradients);
        _outputs = network.Outputs;
        _results = new LossResult[losses.Outputs];
        _lossesByName = losses.All.ToDictionary(loss => loss.Name, _ => 0.0);
        _singleValueNorm = network.Layers().FirstOrDefault(row => row is { Layer: BatchNorm { Frozen: false }, Input.IsVector: true })?.Name;
    }

    /// <summary>The losses of the last step by the name of their output, before their <see cref="Loss.Weight"/>; the next step changes them.</summary>
    public IReadOnlyDictionary<string, double> Losses => _lossesByName;

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
    /// Computes the loss of a batch and its gradients, for a session whose only loss is softmax cross-entropy. Moves the
    /// running statistics, as PyTorch does (by the unbiased variance); changes no trained parameter.
    /// </summary>
    /// <param name="images">batch × channels × height × width, normalized.</param>
    /// <param name="labels">The class of each image, or of each position of its feature maps.</param>
    /// <exception cref="ArgumentException">Images and labels do not fit the network or each other, or the session has other losses.</exception>
    /// <exception cref="InvalidOperationException">A batch normalization would see a single value per channel.</exception>
    public StepResult Run(ReadOnlySpan<float> images, ReadOnlySpan<int> labels) => RunStep(images, labels, meanwhile: null);

    /// <summary>Does the same as the other overload, for any losses.</summary>
    /// <param name="images">batch × channels × height × width, normalized.</param>
    /// <param name="targets">The target of each loss, by the name of its output.</param>
    /// <exception cref="ArgumentException">Images and targets do not fit the network, the losses or each other.</exception>
    /// <exception cref="InvalidOperationException">A batch normalization would see a single value per channel.</exception>
    public StepResult Run(ReadOnlySpan<float> images, IReadOnlyDictionary<string, LossTarget> targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        ObjectDisposedException.ThrowIf(_disposed, this);
        return RunStep(_targets.Of(images, targets, Step), meanwhile: null);
    }

    /// <summary>
    /// Does the same as the other overloads, for targets that follow from what the forward pass has computed, as those of object detection do:
    /// the session was created with <see cref="TrainingSessionOptions.TargetsFollowOutputs"/>.
    /// </summary>
    /// <param name="images">batch × channels × height × width, normalized.</param>
    /// <param name="targets">
    /// Is given the values of all outputs by their names (batch × classes, or batch × channels × height × width of feature maps; the next
    /// step changes them) and returns the target of each loss by the name of its output. Other networks may compute on the same device meanwhile.
    /// </param>
    /// <exception cref="ArgumentException">Images and targets do not fit the network, the losses or each other.</exception>
    /// <exception cref="InvalidOperationException">A batch normalization would see a single value per channel, or the session does not hand out outputs.</exception>
    public StepResult Run(ReadOnlySpan<float> images, Func<IReadOnlyDictionary<string, Tensor>, IReadOnlyDictionary<string, LossTarget>> targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_values.Numbers.Count == 0)
            throw new InvalidOperationException($"The session hands out no outputs: create it with {nameof(TrainingSessionOptions)}.{nameof(TrainingSessionOptions.TargetsFollowOutputs)}");
        return RunStep(new() { Count = _targets.ImageCount(images), Images = images, Step = Step }, targets);
    }

    /// <summary>Does the same for images that may lie in the device's memory.</summary>
    /// <param name="images">batch × channels × height × width, normalized.</param>
    /// <param name="targets">Returns the target of each loss by the name of its output, given the values of all outputs.</param>
    internal StepResult Run(Tensor images, Func<IReadOnlyDictionary<string, Tensor>, IReadOnlyDictionary<string, LossTarget>> targets) => images.Resident is { } resident && _device.Takes(resident)
        ? RunStep(new() { Count = images.Shape[0], Resident = resident, Step = Step }, targets)
        : Run(images.Data, targets);

    /// <summary>Does what <see cref="Run(ReadOnlySpan{float}, ReadOnlySpan{int})"/> does and takes the time of each operation.</summary>
    /// <param name="images">batch × channels × height × width, normalized.</param>
    /// <param name="labels">The class of each image.</param>
    /// <returns>The operations in the order of execution; none where the device takes no times.</returns>
    /// <exception cref="ArgumentException">Images and labels do not fit the network or each other.</exception>
    /// <exception cref="InvalidOperationException">A batch normalization would see a single value per channel.</exception>
    public IReadOnlyList<OperationTime> Profile(ReadOnlySpan<float> images, ReadOnlySpan<int> labels)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return Profile(_targets.Of(images, labels, Step));
    }

    /// <summary>Does the same as the other overload, for any losses.</summary>
    /// <param name="images">batch × channels × height × width, normalized.</param>
    /// <param name="targets">The target of each loss, by the name of its output.</param>
    /// <returns>The operations in the order of execution; none where the device takes no times.</returns>
    /// <exception cref="ArgumentException">Images and targets do not fit the network, the losses or each other.</exception>
    /// <exception cref="InvalidOperationException">A batch normalization would see a single value per channel.</exception>
    public IReadOnlyList<OperationTime> Profile(ReadOnlySpan<float> images, IReadOnlyDictionary<string, LossTarget> targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        ObjectDisposedException.ThrowIf(_disposed, this);
        return Profile(_targets.Of(images, targets, Step));
    }

    IReadOnlyList<OperationTime> Profile(in StepInput input)
    {
        var clock = new OperationClock();
        _device.Clock = clock;
        try
        {
            RunStep(input, meanwhile: null);
        }
        finally
        {
            _device.Clock = null;
        }
        return clock.Times;
    }

    /// <summary>
    /// The gradients of the last step's loss, laid out as <see cref="Parameters.ReadTrained"/>, copied from the device that has
    /// computed them; valid until the next step.
    /// </summary>
    public ReadOnlySpan<float> ReadGradients() => _device.Gradients;

    /// <summary>The gradient of the last step's total loss by the values of an output.</summary>
    /// <param name="output">Name of the output, one of <see cref="TrainingSessionOptions.GradientsOf"/>.</param>
    /// <returns>batch × classes, or batch × channels × height × width of feature maps; the next step changes it.</returns>
    /// <exception cref="ArgumentException">There is no such output, or its gradient is not kept.</exception>
    /// <exception cref="InvalidOperationException">No step was made yet.</exception>
    public Tensor GradientOf(string output)
    {
        var number = OutputTensors.Find(_outputs, output);
        return _gradients[number] ?? throw (_gradients.Numbers.Contains(number)
            ? new InvalidOperationException("No step was made yet")
            : new ArgumentException($"The gradient by the output \"{output}\" is not kept; name it in {nameof(TrainingSessionOptions)}.{nameof(TrainingSessionOptions.GradientsOf)}", nameof(output)));
    }

    Span<float> IGradientSource.Gradients => _device.Gradients;

    TrainingBatch IGradientSource.Prepare(TrainingBatch batch)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (batch.Targets is not null) return _device.Prepare(batch with { Labels = default }) with { Labels = batch.Labels, Targets = batch.Targets };
        _targets.Check(batch.Images.Span, batch.Labels.Span);
        return _device.Prepare(batch);
    }

    StepResult IGradientSource.Run(TrainingBatch batch, Action meanwhile) => batch.Targets is { } targets
        ? RunStep(_targets.Of(batch.Images.Span, targets, Step), meanwhile)
        : RunStep(batch.Images.Span, batch.Labels.Span, meanwhile);

    int? IGradientSource.ImagesOfRanks
    {
        get => _targets.ImagesOfRanks;
        set => _targets.ImagesOfRanks = value;
    }

    void IGradientSource.TellGradients(Action<ParameterTensor> told) => _device.OnGradient = told;

    void IGradientSource.SynchronizeNormalization(CommunicationThread thread) => _device.SynchronizeNormalization(thread);

    void IGradientSource.UndoStatistics() => _device.UndoStatistics();

    void IGradientSource.SendGradients() => _device.SendGradients();

    IBoundOptimizer IGradientSource.CreateOptimizer(Parameters parameters, ParameterGroup[] groups, Optimizer optimizer) =>
        _device.CreateOptimizer(groups, optimizer) ?? new HostOptimizer(parameters, () => _device.Gradients, optimizer, groups);

    WeightAverage IGradientSource.CreateAverage(Parameters parameters, double decay) =>
        _device.CreateAverage(decay) ?? new HostAverage(parameters, decay);

    /// <summary>Releases the session's values and gradients.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed) return;
            _disposed = true;
            _values.Dispose();
            _gradients.Dispose();
            _device.Dispose();
        }
    }

    StepResult RunStep(in StepInput input, Func<IReadOnlyDictionary<string, Tensor>, IReadOnlyDictionary<string, LossTarget>> targets)
    {
        var (count, step) = (input.Count, input.Step);
        return RunStep(input, meanwhile: null, () => _targets.Of(count, targets(_values.ByName), step));
    }

    StepResult RunStep(ReadOnlySpan<float> images, ReadOnlySpan<int> labels, Action? meanwhile)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return RunStep(_targets.Of(images, labels, Step), meanwhile);
    }

    void IGradientSource.CheckBatch(int images) => CheckBatch(images);

    void CheckBatch(int images)
    {
        if (images == 1 && _singleValueNorm is not null)
            throw new InvalidOperationException($"Batch normalization \"{_singleValueNorm}\" cannot train on a single value per channel, whose variance is undefined; use a larger batch");
    }

    StepResult RunStep(in StepInput input, Action? meanwhile, TargetSource? ask = null)
    {
        CheckBatch(input.Count);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _values.Reserve(input.Count);
            _gradients.Reserve(input.Count);
            _device.Run(input, _results, _values.Numbers.Count + _gradients.Numbers.Count == 0 ? null : Receive, meanwhile, ask);
        }
        Step++;
        foreach (var loss in _losses.All) _lossesByName[loss.Name] = _results[loss.Output].Loss;
        return _losses.Summarize(_results);
    }

    /// <summary>Gives a device the place of a gradient or, after those, of a value.</summary>
    Tensor? Receive(int key) => key < _outputs.Count ? _gradients[key] : _values[key - _outputs.Count];
}
