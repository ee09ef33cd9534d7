using System.Collections.Immutable;

namespace ResNet.Runtime.Weights;

/// <summary>A parameter or running statistic that a network needs. A class: lists of it are code that the framework ships compiled.</summary>
sealed record ExpectedTensor(string Name, ImmutableArray<int> Shape);

/// <summary>Which tensor of a file each of a network's parameters is loaded from.</summary>
/// <param name="Tensors">The tensors by the network's names, each with the expected values.</param>
/// <param name="LeftOut">The network's names that the file was allowed not to fill, and does not.</param>
sealed record NameMapping(IReadOnlyDictionary<string, WeightTensor> Tensors, IReadOnlyList<string> LeftOut)
{
    /// <summary>Matches every expected tensor with one of the file's, and every tensor of the file with an expected one.</summary>
    /// <remarks>
    /// The file's names follow that of the schemes of names which has most of the network's. It may have a prefix before them. What then
    /// stands beside the prefix, or under it beside the scheme's modules, belongs to something else, such as an optimizer or a loss; all
    /// else is the network's, or an error. Single numbers, such as counters, are passed over.
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
        // All names begin with what the state dict leaves out: a dictionary, a prefix that all share. A key may leave out the dictionary.
        var (outer, inner) = stateDict.Select(entry => (entry.Value.FullName[..^entry.Key.Length], entry.Value.Name[..^entry.Key.Length])).FirstOrDefault(("", ""));
        var names = NameScheme.All.Select(scheme => new NamesInFile(scheme, stateDict, expected))
            .MaxBy(names => Eligible(names) is [var first, ..] ? expected.Count(e => names.Find(first, e) is not null) : 0)!;
        var (prefixes, eligible) = (names.Prefixes, Eligible(names));
        if (key is not null && eligible.Count == 0)
            throw new WeightsException(file, $"the file has no tensors of the network under '{key}'", found: Keys(prefixes));
        var complete = prefixes.FindAll(prefix => expected.All(e => names.Fits(prefix, e) || replaced is not null && NamesInFile.Under(e.Name, replaced)));
        var chosen = eligible.FindAll(complete.Contains);
        if (chosen.Count > 1)
            throw new WeightsException(file, $"the file has the network's tensors {chosen.Count} times", expected: $"a choice, as Load(path, key: \"{NamePrefix.Key(outer + chosen[0])}\")", found: Keys(chosen));
        return Match(chosen.Concat(eligible).FirstOrDefault(""));

        List<string> Eligible(NamesInFile names) => key is null ? names.Prefixes : names.Prefixes.FindAll(prefix => NamePrefix.IsUnder(outer + prefix, key) || NamePrefix.IsUnder(inner + prefix, key));

        NameMapping Match(string prefix)
        {
            var module = replaced is null ? [] : expected.Where(e => NamesInFile.Under(e.Name, replaced)).ToList();
            var leftOut = module.TrueForAll(e => names.Fits(prefix, e)) ? [] : module.ConvertAll(e => e.Name);
            var tensors = new Dictionary<string, WeightTensor>(StringComparer.Ordinal);
            var used = new HashSet<string>(StringComparer.Ordinal);
            var missing = new List<string>();
            foreach (var e in expected)
            {
                var fileName = names.Find(prefix, e);
                if (fileName is not null) used.Add(fileName);
                if (leftOut.Contains(e.Name))
                    continue;
                if (fileName is null)
                    missing.Add($"{names.Usual(e)} {WeightsException.Text(e.Shape)}");
                else if (!names.Fits(prefix, e))
                    throw new WeightsException(file, "its shape does not fit the network", stateDict[fileName].Name, $"{WeightsException.Text(e.Shape)} for {e.Name}", WeightsException.Text(stateDict[fileName].Shape));
                else
                    tensors.Add(e.Name, stateDict[fileName]);
            }

            var unexpected = stateDict
                .Where(entry => entry.Value.Shape.Length > 0 && !used.Contains(entry.Key) && IsOfNetwork(entry.Key))
                .Select(entry => $"{entry.Key} {WeightsException.Text(entry.Value.Shape)}").ToList();
            if (missing.Count + unexpected.Count > 0)
                throw new WeightsException(file, $"the file's tensors are not the network's{Recognized()}{List("missing", missing)}{List("not of the network", unexpected)}");
            return new(tensors, leftOut);

            // With something missing, what stands beside the prefix may be what is meant.
            bool IsOfNetwork(string name) => name.StartsWith(prefix, StringComparison.Ordinal) && names.Scheme.Covers(name[prefix.Length..])
                ? !(replaced is not null && names.IsOf(name[prefix.Length..], replaced)) && !complete.Exists(other => other.Length > prefix.Length && name.StartsWith(other, StringComparison.Ordinal))
                : missing.Count > 0;

            string Recognized() =>
                prefixes.Count == 0 ? "; its names are of no known scheme"
                : $"; its names are those of {names.Scheme.Name}{(outer + prefix is { Length: > 0 } before ? $" under \"{Short(NamePrefix.Key(before))}\"" : "")}";
        }

        string Keys(List<string> prefixes) => prefixes.Count == 0 ? "none" : string.Join(", ", prefixes.Take(8).Select(prefix => $"\"{Short(NamePrefix.Key(outer + prefix))}\""));
    }

    /// <summary>A hostile file's names are as long as it likes.</summary>
    static string Short(string name) => name.Length <= 200 ? name : $"{name.AsSpan(0, 200)}…";

    /// <summary>A part of a message: the number of names, and the first of them.</summary>
    public static string List(string title, List<string> names) =>
        names.Count == 0 ? "" : $"; {names.Count} {title}: {string.Join(", ", names.Take(4).Select(Short))}{(names.Count > 4 ? ", …" : "")}";
}
