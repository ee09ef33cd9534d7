using System.Collections.Immutable;

namespace ResNet.Runtime.Weights;

/// <summary>A parameter or running statistic that a network needs. A class: lists of it are code that the framework ships compiled.</summary>
sealed record ExpectedTensor(string Name, ImmutableArray<int> Shape);

/// <summary>Which tensor of a file each of a network's parameters is loaded from.</summary>
/// <param name="Tensors">The tensors by the network's names, each of the expected shape.</param>
/// <param name="LeftOut">The network's names that the file was allowed not to fill, and does not.</param>
sealed record NameMapping(IReadOnlyDictionary<string, WeightTensor> Tensors, IReadOnlyList<string> LeftOut)
{
    /// <summary>What implementations call the last layer.</summary>
    static readonly string[] _classifiers = ["fc", "linear"];

    /// <summary>Matches every expected tensor with one of the file's, and every tensor of the file with an expected one.</summary>
    /// <param name="file">The file's path, for messages.</param>
    /// <param name="stateDict">The file's tensors, as <see cref="WeightFile.StateDict"/> names them.</param>
    /// <param name="expected">What the network needs.</param>
    /// <param name="replaced">
    /// A module, as <c>fc</c>, that is to be trained anew: where one of its tensors is missing or has another shape, all of it is left out.
    /// </param>
    /// <exception cref="WeightsException">Tensors are missing, misshapen or left over; the message lists the first of each kind.</exception>
    public static NameMapping Match(string file, IReadOnlyDictionary<string, WeightTensor> stateDict, IReadOnlyList<ExpectedTensor> expected, string? replaced = null)
    {
        var fileNames = FileNames(stateDict, expected);
        var leftOut = LeaveOut();
        var tensors = new Dictionary<string, WeightTensor>(StringComparer.Ordinal);
        var missing = new List<string>();
        foreach (var (name, shape) in expected)
        {
            if (leftOut.Contains(name))
                continue;
            if (!stateDict.TryGetValue(fileNames[name], out var tensor))
                missing.Add($"{name} {WeightsException.Text(shape)}");
            else if (!tensor.Shape.SequenceEqual(shape))
                throw new WeightsException(file, "its shape does not fit the network", tensor.Name, $"{WeightsException.Text(shape)} for {name}", WeightsException.Text(tensor.Shape));
            else
                tensors.Add(name, tensor);
        }

        var used = fileNames.Values.ToHashSet(StringComparer.Ordinal);
        var unexpected = stateDict
            .Where(entry => !used.Contains(entry.Key) && !(replaced is not null && Classifier(entry.Key, replaced)))
            .Select(entry => $"{entry.Key} {WeightsException.Text(entry.Value.Shape)}").ToList();
        if (missing.Count + unexpected.Count > 0)
            throw new WeightsException(file, "the file's tensors are not the network's" + List("missing", missing) + List("not of the network", unexpected));
        return new(tensors, [.. leftOut]);

        List<string> LeaveOut()
        {
            var module = replaced is null ? [] : expected.Where(e => Under(e.Name, replaced)).ToList();
            return module.TrueForAll(e => stateDict.TryGetValue(fileNames[e.Name], out var tensor) && tensor.Shape.SequenceEqual(e.Shape)) ? [] : module.ConvertAll(e => e.Name);
        }
    }

    /// <summary>The file's name of each expected tensor: its own, or the classifier's other name where the file has only that.</summary>
    static Dictionary<string, string> FileNames(IReadOnlyDictionary<string, WeightTensor> stateDict, IReadOnlyList<ExpectedTensor> expected) =>
        expected.ToDictionary(e => e.Name, e => Aliases(e.Name).FirstOrDefault(stateDict.ContainsKey) ?? e.Name, StringComparer.Ordinal);

    static IEnumerable<string> Aliases(string name)
    {
        yield return name;
        if (_classifiers.FirstOrDefault(classifier => Under(name, classifier)) is { } own)
            foreach (var other in _classifiers.Where(classifier => classifier != own))
                yield return other + name[own.Length..];
    }

    /// <summary>Whether a tensor of the file belongs to the module that is replaced, under whatever name the file has for it.</summary>
    static bool Classifier(string name, string replaced) => Aliases(name).Any(alias => Under(alias, replaced));

    static bool Under(string name, string module) =>
        name.Length > module.Length && name[module.Length] == '.' && name.StartsWith(module, StringComparison.Ordinal);

    static string List(string title, List<string> names) =>
        names.Count == 0 ? "" : $"; {names.Count} {title}: {string.Join(", ", names.Take(4))}{(names.Count > 4 ? ", …" : "")}";
}
