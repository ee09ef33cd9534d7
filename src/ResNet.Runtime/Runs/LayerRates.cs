using ResNet.Dsl;
using ResNet.Runtime.Training;

namespace ResNet.Runtime.Runs;

/// <summary>Learning rates of the layers of a network, in comparison with its head's.</summary>
static class LayerRates
{
    /// <summary>
    /// The factors of a network's layers; of several that fit one, the last holds. Groups are timm's: what comes before the first residual unit, each unit, and what comes after the
    /// last, at the full rate; each group has <paramref name="decay"/> times the rate of the next one.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="backbone">The factor of the rate of all layers but the head.</param>
    /// <param name="decay">The factor of the rate from group to group.</param>
    public static List<RateFactor> Of(NetworkDefinition network, double backbone, double decay)
    {
        if (backbone == 1 && decay == 1) return [];
        var layers = network.Layers().Where(layer => layer.Parameters.Count > 0).ToList();
        var scopes = layers.Select(layer => Scope(layer.Name, ofUnit: decay != 1)).Distinct().ToList();
        var units = scopes.Count(IsUnit);
        var factors = new List<RateFactor>();
        var group = 0;
        foreach (var scope in scopes)
        {
            if (IsUnit(scope)) group++;
            // After the last unit, all of them have been counted.
            var below = IsUnit(scope) || group < units || units == 0 ? units + 1 - group : 0;
            factors.Add(new(scope, backbone * Math.Pow(decay, below)));
        }
        if (network.FindHead() is { } head) factors.Add(new(head.Name, 1));
        return factors;
    }

    /// <summary>The first part of a layer's name, or the first two where they are a unit's.</summary>
    static string Scope(string layer, bool ofUnit) => layer.Split('.') is [var first, var second, _, ..] && ofUnit && IsNumber(second) ? $"{first}.{second}" : layer.Split('.')[0];

    static bool IsUnit(string scope) => scope.Contains('.', StringComparison.Ordinal);

    static bool IsNumber(string text) => text.All(char.IsAsciiDigit);
}
