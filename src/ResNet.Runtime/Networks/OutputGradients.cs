using ResNet.Dsl;
using ResNet.Runtime.Devices;

namespace ResNet.Runtime;

/// <summary>The gradients of the last step's loss by the values of outputs.</summary>
sealed class OutputGradients
{
    readonly Dictionary<int, Tensor?> _byOutput = [];
    readonly IReadOnlyList<NetworkOutput> _outputs;

    /// <param name="network">The network as it is trained.</param>
    /// <param name="names">Names of the outputs.</param>
    /// <exception cref="ArgumentException">The network has no output of a name.</exception>
    public OutputGradients(NetworkDefinition network, IEnumerable<string> names)
    {
        _outputs = network.Outputs;
        foreach (var name in names) _byOutput[Find(name)] = null;
    }

    /// <summary>Numbers of the outputs.</summary>
    public IReadOnlyCollection<int> Outputs => _byOutput.Keys;

    /// <summary>What a device gives the gradients of a step to; null if none is wanted.</summary>
    /// <param name="images">Images of the step's batch.</param>
    public TapReceiver? Receive(int images)
    {
        if (_byOutput.Count == 0) return null;
        foreach (var output in Outputs)
            if (_byOutput[output]?.Shape[0] != images) _byOutput[output] = NewTensor(images, _outputs[output].Shape);
        return output => _byOutput[output]!.Data;
    }

    /// <exception cref="ArgumentException">The gradient was not asked for.</exception>
    /// <exception cref="InvalidOperationException">No step was made.</exception>
    public Tensor this[string name] =>
        !_byOutput.TryGetValue(Find(name), out var gradient)
            ? throw new ArgumentException($"The gradient by the output \"{name}\" is not kept; name it in {nameof(TrainingSessionOptions)}.{nameof(TrainingSessionOptions.GradientsOf)}", nameof(name))
            : gradient ?? throw new InvalidOperationException("No step was made yet");

    int Find(string name)
    {
        for (var i = 0; i < _outputs.Count; i++)
            if (_outputs[i].Name == name) return i;
        throw AttachedLosses.NoOutput("", name, _outputs.Select(output => output.Name));
    }

    static Tensor NewTensor(int images, Shape shape) =>
        shape.IsVector ? new(images, shape.Channels) : new(images, shape.Channels, shape.Height, shape.Width);
}
