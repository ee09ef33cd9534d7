using ResNet.Dsl;
using ResNet.Planning.Programs;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Networks;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime;

/// <summary>
/// Base of every compiled network: a class under <c>[Network]</c> or an architecture's attribute, such as <c>[ResNet]</c>, derives from it
/// in its generated part. <see cref="Create"/> makes a network of a definition that is known only at run time. Until weights are loaded, it has He et al.'s random initialization.
/// Its methods may be called from several threads at once.
/// </summary>
public abstract partial class Network : IDisposable
{
    readonly Lock _lock = new();
    readonly SessionPool _sessions;
    readonly Lazy<IReadOnlyList<LayerInstance>> _layers;
    readonly Lazy<IReadOnlyList<NetworkOutput>> _outputs;
    readonly Lazy<long> _outputElements;
    readonly Lazy<BoundProgram> _inference, _training;
    DeviceModel? _model;
    int _modelVersion;
    volatile bool _disposed;

    /// <summary>Creates the network.</summary>
    /// <param name="device">The device; <see cref="CpuDevice.Shared"/> by default.</param>
    protected Network(Device? device = null) : this(device, parameters: null)
    {
    }

    /// <summary>Creates a network over the parameters of another, or its own where null.</summary>
    private protected Network(Device? device, Parameters? parameters)
    {
        _parameters = parameters;
        Device = device ?? Device.Cpu;
        _sessions = new(this);
        _layers = new(() => Definition.Layers());
        _outputs = new(() => Definition.Outputs);
        _outputElements = new(() => Outputs.Sum(output => output.Shape.Elements));
        _inference = new(() => InferenceRecorder.Record(Definition, Layers, Execute));
        _training = new(() => TrainingRecorder.Record(Definition, Layers, Execute));
    }

    /// <summary>Creates a network whose programs are planned at run time: the same operations, bits and memory as of a compiled one.</summary>
    /// <param name="definition">The network.</param>
    /// <param name="device">The device; <see cref="CpuDevice.Shared"/> by default.</param>
    /// <param name="recompute">
    /// Whether training computes residual units a second time rather than keep their activations, as <c>Recompute = true</c> on
    /// a declared class does.
    /// </param>
    /// <exception cref="NetworkException">The definition was not made by a builder, and is no network.</exception>
    public static Network Create(NetworkDefinition definition, Device? device = null, bool recompute = false)
    {
        ArgumentNullException.ThrowIfNull(definition);
        definition.Validate();
        return new PlannedNetwork(definition, device, recompute);
    }

    /// <summary>The layer tree that the class was compiled from.</summary>
    public abstract NetworkDefinition Definition { get; }

    /// <summary>The device of the network.</summary>
    public Device Device { get; }

    /// <summary>The unrolled layers, by the index that generated code names them by.</summary>
    internal IReadOnlyList<LayerInstance> Layers => _layers.Value;

    /// <summary>The results of one image; the last is the primary one.</summary>
    internal IReadOnlyList<NetworkOutput> Outputs => _outputs.Value;

    /// <summary>Shape of the primary output.</summary>
    internal Shape OutputShape => Outputs[^1].Shape;

    /// <summary>Values of all outputs of one image together.</summary>
    internal long OutputElements => _outputElements.Value;

    /// <summary>The version of the program format that <see cref="Infer"/> and <see cref="Train"/> are written in; generated.</summary>
    protected virtual int ProgramFormat => 0;

    /// <summary>Whether <see cref="Train"/> computes residual units a second time rather than keep their activations; generated.</summary>
    protected virtual bool Recomputes => false;

    /// <summary>Starts an epilogue, in generated code.</summary>
    protected static Epilogue Then => default;

    /// <summary>The compiled forward pass with the running statistics; generated.</summary>
    /// <param name="run">Executes the operations.</param>
    protected abstract void Infer(InferencePass run);

    /// <summary>The compiled training step: forward with the batch's statistics, losses, backward; generated.</summary>
    /// <param name="run">Executes the operations.</param>
    protected abstract void Train(TrainingPass run);

    /// <summary>The forward pass, recorded.</summary>
    internal BoundProgram InferenceProgram => _inference.Value;

    /// <summary>The training step, recorded.</summary>
    internal BoundProgram TrainingProgram => _training.Value;

    /// <summary>Runs the compiled forward pass. Not <see cref="Infer"/> itself: what sees internals could not override that as users do.</summary>
    /// <exception cref="InvalidOperationException">The class was generated for another version of the runtime.</exception>
    internal void Execute(InferencePass pass)
    {
        CheckProgramFormat();
        Infer(pass);
    }

    /// <summary>Runs the compiled training step.</summary>
    /// <exception cref="InvalidOperationException">The class was generated for another version of the runtime.</exception>
    internal void Execute(TrainingPass pass)
    {
        CheckProgramFormat();
        Train(pass);
    }

    void CheckProgramFormat()
    {
        if (ProgramFormat == FormatVersion.Current) return;
        var remedy = ProgramFormat < FormatVersion.Current
            ? $"rebuild the project that declares it with the package ResNet.Runtime {PackageVersion}"
            : $"update the package ResNet.Runtime, {PackageVersion} here, to the version that the declaring project was built with";
        throw new InvalidOperationException(
            $"{GetType().Name} was compiled to program format {ProgramFormat}, and this runtime executes format {FormatVersion.Current}: {remedy}");
    }

    static string PackageVersion => typeof(Network).Assembly.GetName().Version!.ToString(3);

    /// <summary>
    /// Creates a forward pass of its own over the shared weights, for concurrent or allocation-free inference. It computes with
    /// the weights as they are now.
    /// </summary>
    public Session CreateSession() => OpenSession().Session;

    /// <summary>Releases the packed weights and the idle sessions.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases the memory of the network.</summary>
    /// <param name="disposing">Whether <see cref="Dispose()"/> was called.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        lock (_lock)
        {
            if (_disposed) return;
            _disposed = true;
            _model?.Dispose();
        }
        DisposeOtherForms();
        _sessions.Dispose();
    }

    /// <summary>The taps of those names; all of them if none is given.</summary>
    internal IReadOnlyList<LayerInstance> FindTaps(ReadOnlySpan<string> names)
    {
        var all = Layers.Where(layer => layer.Layer is Tap).ToList();
        if (names.Length == 0) return all;
        var found = new List<LayerInstance>();
        foreach (var name in names)
        {
            found.Add(all.Find(layer => layer.Layer.Name == name) ?? throw new ArgumentException(
                $"There is no tap \"{name}\"; the network has {(all.Count == 0 ? "none" : string.Join(", ", all.Select(layer => layer.Layer.Name)))}", nameof(names)));
        }
        return found;
    }

    /// <summary>The packed weights, packed anew if the parameters have changed since.</summary>
    internal DeviceModel CurrentModel()
    {
        var parameters = Parameters;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_model is not null && _modelVersion == parameters.Version) return _model;
        }
        lock (parameters.Gate)
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                var version = parameters.Version;
                if (_model is null || _modelVersion != version)
                {
                    // Sessions that still compute keep the old model alive; it is released with the last of them.
                    _model?.Dispose();
                    _model = Device.Load(InferenceProgram, parameters);
                    _modelVersion = version;
                }
                return _model;
            }
    }

    /// <summary>A session of the current model, which cannot be released before the session keeps it alive.</summary>
    internal (DeviceModel Model, Session Session) OpenSession()
    {
        lock (Parameters.Gate)
            lock (_lock)
            {
                var model = CurrentModel();
                return (model, new(this, model.CreateSession()));
            }
    }

    T WithSession<T>(Func<Session, T> use)
    {
        using var lent = _sessions.Lend();
        return use(lent.Session);
    }
}
