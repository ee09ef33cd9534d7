using System.Globalization;
using ResNet.Dsl;
using ResNet.Onnx.Importing;

namespace ResNet.Onnx.Sources;

/// <summary>Gives units and their shortcuts the scopes that declarations have.</summary>
static class UnitScopes
{
    // The builder's scope of shortcuts.
    const string Shortcut = "downsample";

    /// <summary>Gives a unit, whose layers have full names, their common scope; if there is none, the layers are numbered in a unit without a name.</summary>
    public static Residual Find(Residual unit) => CommonScope(unit) is { Length: > 0 } scope ? Find(unit, scope) : Number(unit);

    static Residual Find(Residual unit, string scope)
    {
        var shortcut = Within(unit.Shortcut, scope);
        if (shortcut.Layers.Count > 0) shortcut = (NamesOf(shortcut).TrueForAll(name => IsWithin(name, Shortcut)) ? Within(shortcut, Shortcut) : shortcut) with { Name = Shortcut };
        return new(scope, FindInner(Within(unit.Main, scope)), FindInner(shortcut), FindInner(Within(unit.Activation, scope)), unit.Merge);
    }

    static Sequence FindInner(Sequence part) => part with { Layers = new(part.Layers.Select(layer => layer is Residual inner ? Find(inner, CommonScope(inner)) : layer)) };

    /// <summary>Gives the layers of a unit names by their kind and number, and the scope that is given.</summary>
    public static Residual Number(Residual unit, string scope = "")
    {
        var names = new LayerNames();
        var (main, activation) = (Number(unit.Main, names), Number(unit.Activation, names));
        // As in the projections of residual networks, whose layers are numbered: 0 and 1.
        var shortcut = unit.Shortcut.Layers.Select((layer, i) => Name(layer, i.ToString(CultureInfo.InvariantCulture))).ToList();
        return new(scope, main, shortcut.Count > 0 ? new(Shortcut, new(shortcut)) : Sequence.Empty, activation, unit.Merge);
    }

    static Layer Name(Layer layer, string name) => layer is Residual unit ? Number(unit, name) : Named(layer, _ => name);

    static Sequence Number(Sequence part, LayerNames names) => part with { Layers = new(part.Layers.Select(layer => Number(layer, names))) };

    /// <summary>Gives a layer, or the scope of a unit, the next name of its kind.</summary>
    public static Layer Number(Layer layer, LayerNames names) => layer switch
    {
        Conv2d => Name(layer, names.Next("conv")),
        BatchNorm => Name(layer, names.Next("bn")),
        Dense => Name(layer, names.Next("fc")),
        Scale { Constants: null } => Name(layer, names.Next("scale")),
        Residual => Name(layer, names.Next("block")),
        _ => layer,
    };

    /// <summary>The scope of all names of a unit; empty if there is none.</summary>
    static string CommonScope(Residual unit)
    {
        var names = NamesOf(unit);
        if (names.Count == 0) return "";
        for (var dot = names[0].LastIndexOf('.'); dot > 0; dot = names[0].LastIndexOf('.', dot - 1))
            if (names[0][..dot] is var scope && names.TrueForAll(name => IsWithin(name, scope))) return scope;
        return "";
    }

    static bool IsWithin(string name, string scope) => name.Length > scope.Length && name[scope.Length] == '.' && name.StartsWith(scope, StringComparison.Ordinal);

    /// <summary>Removes a scope from the names of layers.</summary>
    static Sequence Within(Sequence layers, string scope) => scope.Length == 0 ? layers : Named(layers, name => name[(scope.Length + 1)..]);

    static List<string> NamesOf(Layer layer)
    {
        var names = new List<string>();
        Named(layer, name =>
        {
            names.Add(name);
            return name;
        });
        return names;
    }

    /// <summary>The same layers, those with parameters under other names.</summary>
    static Layer Named(Layer layer, Func<string, string> rename) => layer switch
    {
        Sequence sequence => Named(sequence, rename),
        Residual unit => unit with { Main = Named(unit.Main, rename), Shortcut = Named(unit.Shortcut, rename), Activation = Named(unit.Activation, rename) },
        Conv2d or BatchNorm or Dense or Scale { Constants: null } => layer with { Name = rename(layer.Name) },
        _ => layer,
    };

    static Sequence Named(Sequence layers, Func<string, string> rename) => layers with { Layers = new(layers.Layers.Select(layer => Named(layer, rename))) };
}
