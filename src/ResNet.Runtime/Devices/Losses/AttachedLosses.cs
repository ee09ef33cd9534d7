using ResNet.Dsl;

namespace ResNet.Runtime.Devices;

/// <summary>The losses of a training session, by the number of their output.</summary>
sealed class AttachedLosses
{
    readonly AttachedLoss?[] _byOutput;

    /// <summary>Attaches losses to outputs.</summary>
    /// <param name="network">The network.</param>
    /// <param name="losses">Losses by the name of their output.</param>
    /// <exception cref="ArgumentException">There is no such output, or it cannot have such a loss.</exception>
    public AttachedLosses(NetworkDefinition network, IReadOnlyDictionary<string, Loss> losses)
    {
        var outputs = network.Outputs;
        foreach (var (name, loss) in losses)
        {
            if (outputs.All(output => output.Name != name)) throw NoOutput("", name, outputs.Select(output => output.Name));
            if (loss is null) throw new ArgumentException($"The loss of the output \"{name}\" is null", nameof(losses));
        }
        if (outputs.FirstOrDefault(output => !output.Shape.IsVector && losses.TryGetValue(output.Name, out var loss) && loss is SoftmaxCrossEntropy { Probabilities: true }) is { } maps)
            throw new ArgumentException($"The output \"{maps.Name}\" is feature maps, {maps.Shape}; only vectors can have {nameof(SoftmaxCrossEntropy.Probabilities)} as targets");
        _byOutput = new AttachedLoss?[outputs.Count];
        for (var i = 0; i < outputs.Count; i++)
        {
            if (!losses.TryGetValue(outputs[i].Name, out var loss)) continue;
            var added = new AttachedLoss(i, outputs[i].Name, outputs[i].Shape, loss, Labels, Values, Weights);
            _byOutput[i] = added;
            Labels += added.Labels;
            Values += added.Values;
            Weights += added.Places;
        }
        Network = network;
        All = [.. _byOutput.OfType<AttachedLoss>()];
    }

    /// <summary>The network.</summary>
    public NetworkDefinition Network { get; }

    /// <summary>The losses in the order of their outputs.</summary>
    public AttachedLoss[] All { get; }

    /// <summary>Number of outputs, with a loss or without.</summary>
    public int Outputs => _byOutput.Length;

    /// <summary>Labels per image of all losses.</summary>
    public int Labels { get; }

    /// <summary>Target values per image of all losses.</summary>
    public int Values { get; }

    /// <summary>Weights per image of all losses.</summary>
    public int Weights { get; }

    /// <summary>The loss of an output; null if it has none, and its gradient is zero.</summary>
    public AttachedLoss? this[int output] => _byOutput[output];

    /// <summary>The total of a step, and the right guesses at the primary output.</summary>
    /// <param name="results">The losses by the number of their output.</param>
    public StepResult Summarize(ReadOnlySpan<LossResult> results)
    {
        var total = 0.0;
        for (var i = 0; i < _byOutput.Length; i++)
            if (_byOutput[i] is { } attached) total += attached.Loss.Weight * results[i].Loss;
        return new(total, _byOutput[^1] is { Classifies: true } ? results[^1].Correct : null);
    }

    /// <summary>The error that an output is asked for that is not there.</summary>
    public static ArgumentException NoOutput(string which, string name, IEnumerable<string> known) =>
        new($"There is no output \"{name}\"{which}; there {(known.Count() == 1 ? "is" : "are")} {string.Join(", ", known.Select(output => $"\"{output}\""))}");
}
