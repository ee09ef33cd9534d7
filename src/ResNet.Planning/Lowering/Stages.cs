using ResNet.Dsl;

namespace ResNet.Planning.Lowering;

/// <summary>
/// Divides a network into its stages: what shares the first part of its names (<c>layer1.0</c>, <c>layer1.1</c> …) is one,
/// and so are the layers before, between and after such stages.
/// </summary>
static class Stages
{
    public const string Stem = "stem";
    public const string Head = "head";
    public const string Body = "body";
    const string Transition = "transition";

    public static IEnumerable<(Layer Layer, string Stage)> Of(IReadOnlyList<Layer> layers)
    {
        var names = new List<string?>();
        // A layer that neither computes nor names a stage goes with the layer before it.
        foreach (var layer in layers) names.Add(layer is Tap or Output or { ActsInTrainingAlone: true } && names.Count > 0 ? names[names.Count - 1] : NameOf(layer));
        var first = names.FindIndex(name => name is not null);
        var last = names.FindLastIndex(name => name is not null);
        var transitions = 0;
        for (var i = 0; i < layers.Count; i++)
        {
            if (names[i] is null && i > first && i < last && names[i - 1] is not null) transitions++;
            yield return (layers[i], names[i] ?? (first < 0 ? Body : i < first ? Stem : i > last ? Head : Transition + transitions));
        }
    }

    /// <summary>The stage that a layer names, if it stands for a stage, one of its units or a side branch.</summary>
    static string? NameOf(Layer layer)
    {
        var dot = layer.Name.IndexOf('.');
        return layer is Repeat or Branch ? layer.Name
            : layer is Sequence or Residual && dot > 0 ? layer.Name.Substring(0, dot)
            : null;
    }
}
