using ResNet.Dsl;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime;

/// <summary>
/// A forward pass of its own over a network's shared weights. Each session serves one caller at a time, others wait; several
/// sessions run side by side. A pass of a batch size that the session has seen before allocates nothing.
/// </summary>
public sealed class Session : IDisposable
{
    readonly Network _network;
    readonly DeviceSession _device;

    // If there is more than one output: callers of Predict want the primary one alone, and wait for each other.
    readonly Lock _lock = new();
    float[] _outputs = [];

    internal Session(Network network, DeviceSession device)
    {
        _network = network;
        _device = device;
    }

    /// <summary>Computes the logits of a batch.</summary>
    /// <param name="images">batch × channels × height × width, normalized.</param>
    /// <param name="batch">Number of images.</param>
    /// <param name="logits">batch × classes; receives the result.</param>
    /// <exception cref="ArgumentException">A length does not fit the batch.</exception>
    /// <exception cref="ObjectDisposedException">The session is disposed.</exception>
    public void Predict(ReadOnlySpan<float> images, int batch, Span<float> logits) => Predict(images, batch, logits, meanwhile: null);

    /// <summary>Computes the logits of a batch and takes the time of each operation.</summary>
    /// <param name="images">batch × channels × height × width, normalized.</param>
    /// <param name="batch">Number of images.</param>
    /// <param name="logits">batch × classes; receives the result.</param>
    /// <returns>The operations in the order of execution; none where the device takes no times.</returns>
    /// <exception cref="ArgumentException">A length does not fit the batch.</exception>
    /// <exception cref="ObjectDisposedException">The session is disposed.</exception>
    public IReadOnlyList<OperationTime> Profile(ReadOnlySpan<float> images, int batch, Span<float> logits)
    {
        var clock = new OperationClock();
        Predict(images, batch, logits, meanwhile: null, clock);
        return clock.Times;
    }

    /// <summary>Computes the logits of a batch: the primary output, <see cref="NetworkDefinition.Output"/>.</summary>
    /// <param name="images">batch × channels × height × width, normalized.</param>
    /// <returns>batch × classes, or batch × channels × height × width of feature maps.</returns>
    /// <exception cref="ArgumentException">The shape is not that of a batch of the network's inputs.</exception>
    public Tensor Predict(Tensor images)
    {
        var batch = Batch(images);
        var logits = OutputTensors.NewTensor(batch, _network.OutputShape, mayStay: false);
        Predict(images.Data, batch, logits.Data);
        return logits;
    }

    /// <summary>Computes all outputs of a batch.</summary>
    /// <param name="images">batch × channels × height × width, normalized.</param>
    /// <returns>By the output's name, in their order, batch × classes, or batch × channels × height × width of feature maps.</returns>
    /// <exception cref="ArgumentException">The shape is not that of a batch of the network's inputs.</exception>
    public IReadOnlyDictionary<string, Tensor> PredictAll(Tensor images) => PredictAll(images, firstMayStay: false);

    /// <summary>Computes all outputs of a batch, of which the device may keep the first in its memory until it is read.</summary>
    /// <inheritdoc cref="PredictAll(Tensor)"/>
    /// <param name="images">batch × channels × height × width, normalized; may lie in the device's memory.</param>
    /// <param name="firstMayStay">Whether the first output may stay there; it is then the caller's to release.</param>
    internal IReadOnlyDictionary<string, Tensor> PredictAll(Tensor images, bool firstMayStay)
    {
        var batch = Batch(images);
        var stays = firstMayStay && _device.HasMemory;
        var staying = stays ? checked((int)(batch * _network.Outputs[0].Shape.Elements)) : 0;
        var values = new float[OutputLength(batch) - staying];
        var resident = _device.Run(images, values, staying);
        var outputs = new OrderedDictionary<string, Tensor>();
        var start = 0;
        foreach (var output in _network.Outputs)
        {
            var tensor = OutputTensors.NewTensor(batch, output.Shape, stays && outputs.Count == 0);
            outputs.Add(output.Name, tensor);
            if (tensor.MayReside)
            {
                tensor.Reside(resident!);
                continue;
            }
            values.AsSpan(start, tensor.Data.Length).CopyTo(tensor.Data);
            start += tensor.Data.Length;
        }
        return outputs;
    }

    /// <summary>Computes the values of taps.</summary>
    /// <param name="images">batch × channels × height × width, normalized.</param>
    /// <param name="taps">Names of the taps; all if none is named.</param>
    /// <returns>By the tap's name, batch × channels × height × width.</returns>
    /// <exception cref="ArgumentException">The shape does not fit, or there is no such tap.</exception>
    public IReadOnlyDictionary<string, Tensor> Features(Tensor images, params ReadOnlySpan<string> taps)
    {
        var batch = Batch(images);
        var wanted = _network.FindTaps(taps);
        var features = wanted.ToDictionary(tap => tap.Index, tap => OutputTensors.NewTensor(batch, tap.Output, mayStay: false));
        var outputs = new float[OutputLength(batch)];
        _device.Run(images.Data, batch, outputs, features.GetValueOrDefault);
        return wanted.ToDictionary(tap => ((Tap)tap.Layer).Name, tap => features[tap.Index]);
    }

    /// <inheritdoc cref="Features(Tensor, ReadOnlySpan{string})"/>
    // C# before 13 and other languages list arguments for arrays alone.
    public IReadOnlyDictionary<string, Tensor> Features(Tensor images, params string[] taps)
    {
        ArgumentNullException.ThrowIfNull(taps);
        return Features(images, new ReadOnlySpan<string>(taps));
    }

    /// <summary>Releases the session's activations.</summary>
    public void Dispose() => _device.Dispose();

    /// <summary>Begins to bring images to where they are computed.</summary>
    /// <returns>A view of the images that stays valid until the second following call; pass it unchanged to <see cref="Predict(ReadOnlySpan{float}, int, Span{float}, Action?, OperationClock?)"/>.</returns>
    internal ReadOnlyMemory<float> Prepare(ReadOnlyMemory<float> images, int batch)
    {
        CheckLength(images.Length, batch, _network.Definition.Input, nameof(images));
        return _device.Prepare(images, batch);
    }

    /// <summary>Computes the logits of a batch.</summary>
    /// <param name="images">batch × channels × height × width, normalized.</param>
    /// <param name="batch">Number of images.</param>
    /// <param name="logits">batch × classes; receives the result.</param>
    /// <param name="meanwhile">Is called while the device computes by itself, if it does so; otherwise not at all.</param>
    /// <param name="clock">Takes the time of each operation.</param>
    internal void Predict(ReadOnlySpan<float> images, int batch, Span<float> logits, Action? meanwhile, OperationClock? clock = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        CheckLength(images.Length, batch, _network.Definition.Input, nameof(images));
        CheckLength(logits.Length, batch, _network.OutputShape, nameof(logits));
        if (_network.Outputs.Count == 1)
        {
            _device.Run(images, batch, logits, taps: null, clock, meanwhile);
            return;
        }
        lock (_lock)
        {
            var length = OutputLength(batch);
            if (_outputs.Length < length) _outputs = new float[length];
            var outputs = _outputs.AsSpan(0, length);
            _device.Run(images, batch, outputs, taps: null, clock, meanwhile);
            // The primary output is the last.
            outputs[^logits.Length..].CopyTo(logits);
        }
    }

    /// <summary>Values of all outputs of a batch together.</summary>
    int OutputLength(int batch) => checked((int)(batch * _network.OutputElements));

    int Batch(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        var input = _network.Definition.Input;
        if (images.Shape is not [> 0 and var batch, var channels, var height, var width] || new Shape(channels, height, width) != input)
            throw new ArgumentException($"The network takes batch×{input}, not {images}", nameof(images));
        return batch;
    }

    static void CheckLength(int length, int batch, Shape shape, string argument)
    {
        if (length != batch * shape.Elements)
            throw new ArgumentException($"{batch} × {shape} are {batch * shape.Elements} values, not {length}", argument);
    }
}
