using ResNet.Dsl;
using ResNet.Runtime.Devices;

namespace ResNet.Runtime;

/// <summary>A tensor for each of some outputs, or of their gradients, that a device writes to in every step.</summary>
/// <param name="outputs">The outputs of the network.</param>
/// <param name="numbers">Numbers of those that are wanted.</param>
/// <param name="staying">Names of the outputs whose tensors the device may keep in its memory until they are read.</param>
sealed class OutputTensors(IReadOnlyList<NetworkOutput> outputs, IEnumerable<int> numbers, IReadOnlyCollection<string> staying) : IDisposable
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
        {
            if (_byOutput[output]?.Shape[0] == images) continue;
            _byOutput[output]?.Release();
            _byOutput[output] = NewTensor(images, outputs[output].Shape, staying.Contains(outputs[output].Name));
        }
    }

    /// <summary>Frees what lies in the device's memory.</summary>
    public void Dispose()
    {
        foreach (var tensor in _byOutput.Values) tensor?.Release();
    }

    /// <summary>Finds an output by its name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static int Find(IReadOnlyList<NetworkOutput> outputs, string name)
    {
        for (var i = 0; i < outputs.Count; i++)
            if (outputs[i].Name == name) return i;
        throw AttachedLosses.NoOutput("", name, outputs.Select(output => output.Name));
    }

    /// <summary>The tensor of an output of a batch.</summary>
    /// <param name="images">Images of the batch.</param>
    /// <param name="shape">Shape of an image's values.</param>
    /// <param name="mayStay">Whether the device may keep the values in its memory until they are read.</param>
    public static Tensor NewTensor(int images, Shape shape, bool mayStay)
    {
        ReadOnlySpan<int> dimensions = shape.IsVector ? [images, shape.Channels] : [images, shape.Channels, shape.Height, shape.Width];
        return mayStay ? Tensor.OnDevice(dimensions) : new(dimensions);
    }
}
