namespace ResNet.Runtime.Classification;

/// <summary>The classes that networks have in common.</summary>
static class CommonLabels
{
    const int Shown = 5;

    /// <summary>Returns the names of the networks' classes. Names that a network does not know are those of the others.</summary>
    /// <exception cref="ArgumentException">The networks differ in their classes; the message says which those are.</exception>
    public static IReadOnlyList<string> Of(IReadOnlyList<Network> networks)
    {
        for (var i = 1; i < networks.Count; i++)
        {
            if (networks[i].OutputShape.Elements != networks[0].OutputShape.Elements)
                throw new ArgumentException($"The classes differ: {NameOf(networks, 0)} has {networks[0].OutputShape.Elements}, {NameOf(networks, i)} has {networks[i].OutputShape.Elements}{Names(networks, i)}");
        }
        var first = networks.Index().FirstOrDefault(one => one.Item.KnownLabels is not null);
        if (first.Item is null) return networks[0].Labels;
        var labels = first.Item.Labels;
        foreach (var (index, network) in networks.Index().Skip(first.Index + 1))
        {
            if (network.KnownLabels is { } others && !others.SequenceEqual(labels))
                throw new ArgumentException($"The classes differ: {Difference(NameOf(networks, first.Index), labels, NameOf(networks, index), others)}");
        }
        return labels;
    }

    /// <summary>The name of a network in messages.</summary>
    public static string NameOf(IReadOnlyList<Network> networks, int index) =>
        networks.Count == 1 ? "The network" : $"network {index + 1} ({networks[index].Definition.Name})";

    static string Names(IReadOnlyList<Network> networks, int index) =>
        networks[0].KnownLabels is { } labels && networks[index].KnownLabels is { } others ? $"; {Difference(NameOf(networks, 0), labels, NameOf(networks, index), others)}" : "";

    static string Difference(string name, IReadOnlyList<string> labels, string otherName, IReadOnlyList<string> others)
    {
        var parts = new[] { Only(name, labels, others), Only(otherName, others, labels) }.Where(part => part.Length > 0).ToList();
        if (parts.Count > 0) return string.Join("; ", parts);
        var index = labels.Zip(others).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"they have the same names in another order: class {index} is \"{labels[index]}\" of {name} and \"{others[index]}\" of {otherName}";
    }

    static string Only(string name, IReadOnlyList<string> labels, IReadOnlyList<string> others)
    {
        var missing = labels.Except(others).ToList();
        if (missing.Count == 0) return "";
        var more = missing.Count > Shown ? $" and {missing.Count - Shown} more" : "";
        return $"only {name} has {string.Join(", ", missing.Take(Shown).Select(label => $"\"{label}\""))}{more}";
    }
}
