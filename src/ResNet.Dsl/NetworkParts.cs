namespace ResNet.Dsl;

/// <summary>Networks cut in two: the layers that compute features, and the head that tells classes by them.</summary>
static class NetworkParts
{
    /// <summary>Returns the network up to its head; of feature maps, the mean of each.</summary>
    public static NetworkDefinition WithoutHead(NetworkDefinition network)
    {
        var before = Cut(network.Body, HeadOf(network).Index)?.Before ?? throw new InvalidOperationException(
            $"{network.Name}: the head, {HeadOf(network).Name}, stands within a unit or a branch, so that the network cannot be cut before it; name the features with Tap(…)");
        before = WithoutLastBranches(before);
        if (!before.OutputShape(network.Input).IsVector) before = before with { Layers = new([.. before.Layers, new GlobalAveragePool("avgpool")]) };
        return network with { Body = before };
    }

    /// <summary>Returns the network up to its last feature maps, and what tells classes by them.</summary>
    public static (NetworkDefinition Maps, NetworkDefinition Classifier) SplitAtLastMaps(NetworkDefinition network)
    {
        for (var index = HeadOf(network).Index; index > 0; index--)
        {
            if (Cut(network.Body, index) is not var (before, after)) continue;
            before = WithoutLastBranches(before);
            var maps = before.OutputShape(network.Input);
            if (!maps.IsVector) return (network with { Body = before }, network with { Input = maps, Body = WithoutNoise(after) });
        }
        throw new InvalidOperationException($"{network.Name} computes no feature maps before its head");
    }

    static LayerInstance HeadOf(NetworkDefinition network) =>
        network.FindHead() ?? throw new InvalidOperationException($"{network.Name} has no head: neither a dense layer nor a convolution");

    /// <summary>Cuts a sequence before the layer of an index, as it is unrolled; null where that is within a unit, a repeat or a branch.</summary>
    static (Sequence Before, Sequence After)? Cut(Sequence body, long index)
    {
        for (var i = 0; i < body.Layers.Count; i++)
        {
            var count = body.Layers[i].LayerCount;
            if (index >= count)
            {
                index -= count;
                continue;
            }
            var (before, after) = (body.Layers.Take(i), body.Layers.Skip(i));
            if (index > 0)
            {
                if (body.Layers[i] is not Sequence inner || Cut(inner, index) is not var (first, rest)) return null;
                (before, after) = (before.Append(first), after.Skip(1).Prepend(rest));
            }
            return (body with { Layers = new([.. before]) }, body with { Layers = new([.. after]) });
        }
        return (body, body with { Layers = default });
    }

    static Sequence WithoutNoise(Sequence body) => body with
    {
        Layers = new([.. body.Layers.Where(layer => !layer.ActsInTrainingAlone).Select(layer => layer switch
        {
            Sequence nested => WithoutNoise(nested),
            Residual unit => unit with { Main = WithoutNoise(unit.Main), Shortcut = WithoutNoise(unit.Shortcut) },
            Repeat repeat => repeat with { Body = WithoutNoise(repeat.Body) },
            _ => layer,
        })]),
    };

    /// <summary>The end of the chain is the result, not that of a branch before it. No layer with parameters follows, so that all keep their numbers.</summary>
    static Sequence WithoutLastBranches(Sequence body)
    {
        var last = body.Layers.ToList().FindLastIndex(layer => layer is not (Branch or Tap));
        return body with { Layers = new([.. body.Layers.Where((layer, index) => index <= last || layer is Tap)]) };
    }
}
