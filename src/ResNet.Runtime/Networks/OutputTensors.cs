using ResNet.Dsl;
using ResNet.Runtime.Devices;

namespace ResNet.Runtime;

/// <summary>A tensor for each of some outputs, or of their gradients, that a device writes to in every step.</summary>
/// <param name="outputs">The outputs of the network.</param>
/// <param name="numbers">Numbers of those that are wanted.</param>
sealed class OutputTensors(IReadOnlyList<NetworkOutput> outputs, IEnumerable<int> numbers)
{
    readonly Dictionary<int, Tensor?> _byOutput = numbers.Distinct().ToDictionary(number => number, _ => (Tensor?)null);

    /// <summary>Numbers of the outputs.</summary>
    public IReadOnlyCollection<int> Numbers => _byOutput.Keys;

    /// <summary>The tensors by the names of the outputs, as they are now.</summary>
    public IReadOnlyDictionary<string, Tensor> ByName => _byOutput.ToDictionary(entry => outputs[entry.Key].Name, entry => entry.Value!);

    /// <summary>The tensor of an output; null if it is not wanted, or nothing was received.</summary>
    public Tensor? this[int output] => _byOutput.GetValueOrDefault(output);

    /// <summary>Makes room for a step.</summary>
    /// <param name="images">Images of the step's batch.</param>
    public void Reserve(int images)
    {
        foreach (var output in Numbers)
            if (_byOutput[output]?.Shape[0] != images) _byOutput[output] = NewTensor(images, outputs[output].Shape);
    }

    /// <summary>Finds an output by its name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static int Find(IReadOnlyList<NetworkOutput> outputs, string name)
    {
        for (var i = 0; i < outputs.Count; i++)
            if (outputs[i].Name == name) return i;
        throw AttachedLosses.NoOutput("", name, outputs.Select(output => output.Name));
    }

    static Tensor NewTensor(int images, Shape shape) =>
        shape.IsVector ? new(images, shape.Channels) : new(images, shape.Channels, shape.Height, shape.Width);
}
