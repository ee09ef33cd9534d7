namespace ResNet.Dsl;

/// <summary>The builder's rules for a whole layer tree. Its cost is bounded for any tree.</summary>
sealed class DefinitionCheck
{
    /// <summary>Most layers and containers of an unrolled network: every container that a builder makes holds a layer or stands beside one.</summary>
    const int MaxNodes = 8 * Limits.MaxLayers;

    /// <summary>Most characters of a full name.</summary>
    const int MaxName = 1024;

    /// <summary>Characters that the number of an iteration and the dots around it add to a full name.</summary>
    const int IterationName = 7;

    readonly HashSet<string> _taps = [];
    readonly HashSet<string> _outputs = [];
    long _nodes;
    long _layers;

    /// <summary>Checks a network.</summary>
    /// <exception cref="NetworkException">It breaks a rule.</exception>
    public static void Check(NetworkDefinition network)
    {
        Limits.CheckInput(network.Input);
        var check = new DefinitionCheck();
        check.Visit(network.Body, times: 1, scope: 0);
        if (network.Body.Layers.Count == 0) throw new NetworkException(ErrorIds.EmptyNetwork, "The network has no layers");
        new NameScope().Claim(network.Body);
        // Unrolling asks each layer for its shapes.
        network.Layers();
        if (network.EndIsUnnamed && !check._outputs.Add(NetworkOutput.DefaultName)) throw NameScope.Taken(NetworkOutput.DefaultName);
    }

    /// <summary>Checks what stands in a tree apart from shapes.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="times">The number of layers that it is unrolled to.</param>
    /// <param name="scope">Characters of the full name of the scope around it, the last dot included.</param>
    void Visit(Layer layer, long times, int scope)
    {
        var name = scope + layer.Name.Length + 1;
        _nodes += times;
        if (layer is not (Sequence or Residual or Repeat)) _layers += times;
        if (_nodes > MaxNodes || _layers > Limits.MaxLayers)
            throw new NetworkException(ErrorIds.SizeOutOfRange, $"The network would have more than {Limits.MaxLayers} layers");
        if (name > MaxName)
            throw new NetworkException(ErrorIds.SizeOutOfRange, $"A full name would have more than {MaxName} characters", "name");
        if (!(layer is Sequence or Residual or Repeat && layer.Name.Length == 0)) NameScope.Check(layer.Name);

        switch (layer)
        {
            case Sequence sequence:
                foreach (var inner in sequence.Layers) Visit(inner, times, name);
                break;
            case Repeat repeat:
                Limits.Check(repeat.Count, 1, Limits.MaxCount, "count");
                Visit(repeat.Body, times * repeat.Count, name + IterationName);
                break;
            case Residual residual:
                Visit(residual.Main, times, name);
                Visit(residual.Shortcut, times, name);
                Visit(residual.Activation, times, name);
                break;
            case Branch branch:
                Claim(_outputs, branch.Name, times);
                Visit(branch.Body, times, name);
                break;
            case Output output:
                Claim(_outputs, output.Name, times);
                break;
            case Tap tap:
                Claim(_taps, tap.Name, times);
                break;
        }
    }

    static void Claim(HashSet<string> names, string name, long times)
    {
        if (times > 1 || !names.Add(name)) throw NameScope.Taken(name);
    }
}
