using ResNet.Dsl;
using ResNet.Runtime.Optimizers;

namespace ResNet.Runtime.Training;

/// <summary>Divides the parameters of a network by how they are trained.</summary>
static class ParameterGroups
{
    /// <summary>The groups of a network, without what is frozen.</summary>
    /// <exception cref="ArgumentException">A name in the options is no layer's or scope's.</exception>
    public static ParameterGroup[] Of(Parameters parameters, TrainerOptions options) => Find(parameters, options) is { Length: > 0 } groups
        ? groups
        : throw new ArgumentException("All parameters are frozen; nothing is left to train");

    /// <summary>The groups of a network, without what is frozen; none if all of it is.</summary>
    /// <exception cref="ArgumentException">A name in the options is no layer's or scope's.</exception>
    public static ParameterGroup[] Find(Parameters parameters, TrainerOptions options)
    {
        var names = parameters.Tensors.Select(tensor => tensor.Name).ToList();
        var frozen = options.FreezeThrough is { } last ? Last(names, last, nameof(options.FreezeThrough)) : -1;
        foreach (var factor in options.RateFactors) Last(names, factor.Prefix, nameof(options.RateFactors));

        var groups = new List<ParameterGroup>();
        for (var i = frozen + 1; i < parameters.Tensors.Count; i++)
        {
            var tensor = parameters.Tensors[i];
            if (!tensor.Info.IsTrained) continue;
            var factor = options.RateFactors.LastOrDefault(f => IsUnder(tensor.Name, f.Prefix))?.Factor ?? 1;
            if (factor == 0) continue;
            var decay = options.DecayNormAndBias || tensor.Info.Kind == ParameterKind.Weight ? options.WeightDecay : 0;
            if (groups is [.., var before] && before.Start + before.Length == tensor.Offset && before.RateFactor == factor && before.WeightDecay == decay)
                groups[^1] = before with { Length = before.Length + tensor.Length };
            else
                groups.Add(new(tensor.Offset, tensor.Length, factor, decay));
        }
        return [.. groups];
    }

    static int Last(List<string> names, string prefix, string option) =>
        names.FindLastIndex(name => IsUnder(name, prefix)) is >= 0 and var index ? index
        : throw new ArgumentException($"{option}: the network has no layer or scope \"{prefix}\"; it has {string.Join(", ", names.Select(name => name.Split('.')[0]).Distinct())}");

    static bool IsUnder(string name, string prefix) =>
        name.StartsWith(prefix, StringComparison.Ordinal) && (name.Length == prefix.Length || name[prefix.Length] == '.');
}
