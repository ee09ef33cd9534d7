using System.Collections.Immutable;

namespace ResNet.Runtime.Weights;

/// <summary>A parameter or running statistic that a network needs. A class: lists of it are code that the framework ships compiled.</summary>
sealed record ExpectedTensor(string Name, ImmutableArray<int> Shape);

/// <summary>Which tensor of a file each of a network's parameters is loaded from.</summary>
/// <param name="Tensors">The tensors by the network's names, each with the expected values.</param>
/// <param name="LeftOut">The network's names that the file was allowed not to fill, and does not.</param>
sealed record NameMapping(IReadOnlyDictionary<string, WeightTensor> Tensors, IReadOnlyList<string> LeftOut)
{
    /// <summary>What implementations call the last layer.</summary>
    static readonly string[] _classifiers = ["fc", "linear"];

    /// <summary>Matches every expected tensor with one of the file's, and every tensor of the file with an expected one.</summary>
    /// <remarks>
    /// The file may have a prefix before the network's names. What then stands beside the prefix belongs to something else, such as an
    /// optimizer or a loss; what stands under it is the network's, or an error. Single numbers, such as counters, are passed over.
    /// </remarks>
    /// <param name="file">The file's path, for messages.</param>
    /// <param name="stateDict">The file's tensors, as <see cref="WeightFile.StateDict"/> names them.</param>
    /// <param name="expected">The tensors that the network needs.</param>
    /// <param name="replaced">
    /// A module, as <c>fc</c>, that is to be trained anew: where one of its tensors is missing or has another shape, all of it is left out.
    /// </param>
    /// <param name="key">The prefix, or its beginning, where the file has the network's tensors under several; null where it has them once.</param>
    /// <exception cref="WeightsException">
    /// Tensors are missing, misshapen or left over, and the message lists the first of each kind; or the file has all of them more than once.
    /// </exception>
    public static NameMapping Match(
        string file, IReadOnlyDictionary<string, WeightTensor> stateDict, IReadOnlyList<ExpectedTensor> expected, string? replaced = null, string? key = null)
    {
        var spellings = expected.SelectMany(e => Aliases(e.Name)).ToHashSet(StringComparer.Ordinal);
        var prefixes = NamePrefix.Find(stateDict.Keys, spellings);
        // All names begin with what the state dict leaves out: a dictionary, a prefix that all share.
        var outer = stateDict.Select(entry => entry.Value.FullName[..^entry.Key.Length]).FirstOrDefault("");
        var eligible = key is null ? prefixes : prefixes.FindAll(prefix => NamePrefix.IsUnder(outer + prefix, key));
        if (key is not null && eligible.Count == 0)
            throw new WeightsException(file, $"the file has no tensors of the network under '{key}'", found: Keys(prefixes));
        var complete = prefixes.FindAll(prefix => expected.All(e => Fits(prefix, e) || replaced is not null && Under(e.Name, replaced)));
        var chosen = eligible.FindAll(complete.Contains);
        if (chosen.Count > 1)
            throw new WeightsException(file, $"the file has the network's tensors {chosen.Count} times", expected: $"a choice, as Load(path, key: \"{NamePrefix.Key(outer + chosen[0])}\")", found: Keys(chosen));
        return Match(chosen.Concat(eligible).FirstOrDefault(""));

        bool Fits(string prefix, ExpectedTensor e) => stateDict.TryGetValue(FileName(stateDict, prefix, e.Name), out var tensor) && HasValuesOf(tensor.Shape, e.Shape);

        NameMapping Match(string prefix)
        {
            var module = replaced is null ? [] : expected.Where(e => Under(e.Name, replaced)).ToList();
            var leftOut = module.TrueForAll(e => Fits(prefix, e)) ? [] : module.ConvertAll(e => e.Name);
            var tensors = new Dictionary<string, WeightTensor>(StringComparer.Ordinal);
            var used = new HashSet<string>(StringComparer.Ordinal);
            var missing = new List<string>();
            foreach (var (name, shape) in expected)
            {
                var fileName = FileName(stateDict, prefix, name);
                used.Add(fileName);
                if (leftOut.Contains(name))
                    continue;
                if (!stateDict.TryGetValue(fileName, out var tensor))
                    missing.Add($"{name} {WeightsException.Text(shape)}");
                else if (!HasValuesOf(tensor.Shape, shape))
                    throw new WeightsException(file, "its shape does not fit the network", tensor.Name, $"{WeightsException.Text(shape)} for {name}", WeightsException.Text(tensor.Shape));
                else
                    tensors.Add(name, tensor);
            }

            var unexpected = stateDict
                .Where(entry => entry.Value.Shape.Length > 0 && !used.Contains(entry.Key) && IsOfNetwork(entry.Key))
                .Select(entry => $"{entry.Key} {WeightsException.Text(entry.Value.Shape)}").ToList();
            if (missing.Count + unexpected.Count > 0)
                throw new WeightsException(file, "the file's tensors are not the network's" + List("missing", missing) + List("not of the network", unexpected));
            return new(tensors, leftOut);

            // With something missing, what stands beside the prefix may be what is meant.
            bool IsOfNetwork(string name) => name.StartsWith(prefix, StringComparison.Ordinal)
                ? !(replaced is not null && Classifier(name[prefix.Length..], replaced)) && !complete.Exists(other => other.Length > prefix.Length && name.StartsWith(other, StringComparison.Ordinal))
                : missing.Count > 0;
        }

        string Keys(List<string> prefixes) => prefixes.Count == 0 ? "none" : string.Join(", ", prefixes.Take(8).Select(prefix => $"\"{Short(NamePrefix.Key(outer + prefix))}\""));
    }

    /// <summary>
    /// Whether a tensor's values are those of a parameter, in their order. A dense layer over flattened maps, as 4096×25088, and the
    /// convolution with kernels of the maps' size, 4096×512×7×7, have the same ones.
    /// </summary>
    static bool HasValuesOf(ImmutableArray<int> stored, ImmutableArray<int> expected) =>
        stored.SequenceEqual(expected)
        || (stored.Length, expected.Length) is (2, 4) or (4, 2) && stored[0] == expected[0] && Elements(stored) == Elements(expected);

    static long Elements(ImmutableArray<int> shape) => shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>The file's name of an expected tensor: its own, or the classifier's other name where the file has only that.</summary>
    static string FileName(IReadOnlyDictionary<string, WeightTensor> stateDict, string prefix, string name) =>
        Aliases(name).Select(alias => prefix + alias).FirstOrDefault(stateDict.ContainsKey) ?? prefix + name;

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

    /// <summary>A hostile file's names are as long as it likes.</summary>
    static string Short(string name) => name.Length <= 200 ? name : $"{name.AsSpan(0, 200)}…";

    static string List(string title, List<string> names) =>
        names.Count == 0 ? "" : $"; {names.Count} {title}: {string.Join(", ", names.Take(4).Select(Short))}{(names.Count > 4 ? ", …" : "")}";
}
