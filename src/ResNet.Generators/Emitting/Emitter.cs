using ResNet.Generators.Model;

namespace ResNet.Generators.Emitting;

/// <summary>Writes the compiled half of a declared class.</summary>
internal static class Emitter
{
    public static IEnumerable<(string HintName, string Source)> Emit(NetworkModel model)
    {
        yield return (model.Definition.Name + ".g.cs", $"// {model}");
    }
}
