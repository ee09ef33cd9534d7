using System.Collections.Concurrent;
using ResNet.Dsl;

namespace ResNet.Runtime;

public abstract partial class Network
{
    readonly ConcurrentDictionary<(int Height, int Width), Lazy<Network>> _ofOtherSizes = [];

    // The network of which this one is another size.
    Network? _original;

    /// <summary>
    /// The network for images of another size, over the same parameters: weights that are loaded or trained in one are the
    /// other's, too; sizes share packed weights, too, where the device computes them by the same algorithms. It is planned once for each size and lives as
    /// long as this network, which disposes it, or until it is disposed. Labels and
    /// preprocessing are those of this network at the first call, the crop and its margin scaled to the size.
    /// </summary>
    /// <param name="height">Rows of an input image.</param>
    /// <param name="width">Columns of an input image.</param>
    /// <exception cref="NetworkException">The size does not fit a layer, or would change the shape of its parameters.</exception>
    /// <exception cref="ObjectDisposedException">The network is disposed.</exception>
    public Network WithInputSize(int height, int width)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_original is not null) return _original.WithInputSize(height, width);
        if ((height, width) == (Definition.Input.Height, Definition.Input.Width)) return this;
        while (true)
        {
            var resized = _ofOtherSizes.GetOrAdd((height, width), size => new(() => ResizeTo(size.Height, size.Width)));
            if (!resized.Value._disposed) return resized.Value;
            // A caller has disposed it, as one may.
            _ofOtherSizes.TryRemove(new((height, width), resized));
        }
    }

    /// <summary>Creates a network of another form over the same parameters, which is the caller's to dispose.</summary>
    /// <param name="definition">A network whose layers have the numbers that those of the same parameters have in this one: of another size, fully convolutional, or without its last layers.</param>
    /// <exception cref="ObjectDisposedException">The network is disposed.</exception>
    internal Network Reform(NetworkDefinition definition)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var formed = new PlannedNetwork(definition, Device, Recomputes, Parameters);
        formed.Describe(formed.OutputShape == OutputShape ? KnownLabels : null, Preprocessing.WithSize(definition.Input.Height, definition.Input.Width));
        return formed;
    }

    Network ResizeTo(int height, int width)
    {
        var resized = Reform(Definition.WithInputSize(height, width));
        resized._original = this;
        return resized;
    }

    void DisposeOtherForms()
    {
        _withoutHead?.Dispose();
        foreach (var resized in _ofOtherSizes.Values)
            if (resized.IsValueCreated) resized.Value.Dispose();
    }
}
