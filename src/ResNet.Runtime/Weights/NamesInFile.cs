using System.Collections.Immutable;

namespace ResNet.Runtime.Weights;

/// <summary>Finds a network's tensors in a file whose names follow a scheme.</summary>
sealed class NamesInFile
{
    readonly IReadOnlyDictionary<string, WeightTensor> _stateDict;
    readonly Dictionary<string, List<string>> _spellings;

    /// <summary>Looks for the places in a file under which it has tensors of a network.</summary>
    /// <param name="scheme">The scheme.</param>
    /// <param name="stateDict">The file's tensors.</param>
    /// <param name="expected">The network's.</param>
    public NamesInFile(NameScheme scheme, IReadOnlyDictionary<string, WeightTensor> stateDict, IReadOnlyList<ExpectedTensor> expected)
    {
        (Scheme, _stateDict) = (scheme, stateDict);
        _spellings = expected.ToDictionary(tensor => tensor.Name, tensor => scheme.Spellings(tensor.Name).ToList(), StringComparer.Ordinal);
        Prefixes = NamePrefix.Find(stateDict.Keys, _spellings.Values.SelectMany(spellings => spellings).ToHashSet(StringComparer.Ordinal));
    }

    public NameScheme Scheme { get; }

    /// <summary>The prefixes under which the file has any of the names, those with the most names first.</summary>
    public List<string> Prefixes { get; }

    /// <summary>The file's name of a tensor: one of the right shape, or else the first that there is; null if there is none.</summary>
    public string? Find(string prefix, ExpectedTensor tensor)
    {
        var names = _spellings[tensor.Name].ConvertAll(spelling => prefix + spelling).FindAll(_stateDict.ContainsKey);
        return names.Find(name => HasValuesOf(_stateDict[name].Shape, tensor.Shape)) ?? names.FirstOrDefault();
    }

    /// <summary>Whether the file has a tensor, in the right shape.</summary>
    public bool Fits(string prefix, ExpectedTensor tensor) => Find(prefix, tensor) is { } name && HasValuesOf(_stateDict[name].Shape, tensor.Shape);

    /// <summary>A tensor's name in the scheme, or in this library where the scheme has none for it.</summary>
    public string Usual(ExpectedTensor tensor) => _spellings[tensor.Name].FirstOrDefault(tensor.Name);

    /// <summary>Whether a name, without its prefix, is one of a module of the network's, under the scheme's name for it.</summary>
    public bool IsOf(string name, string module) => Scheme.Spellings(module + ".").Any(spelling => name.StartsWith(spelling, StringComparison.Ordinal));

    /// <summary>Whether a tensor stands in a module.</summary>
    public static bool Under(string name, string module) =>
        name.Length > module.Length && name[module.Length] == '.' && name.StartsWith(module, StringComparison.Ordinal);

    /// <summary>
    /// Whether a tensor's values are those of a parameter, in their order. A dense layer over flattened maps, as 4096×25088, and the
    /// convolution with kernels of the maps' size, 4096×512×7×7, have the same ones.
    /// </summary>
    static bool HasValuesOf(ImmutableArray<int> stored, ImmutableArray<int> expected) =>
        stored.SequenceEqual(expected)
        || (stored.Length, expected.Length) is (2, 4) or (4, 2) && stored[0] == expected[0] && Elements(stored) == Elements(expected);

    static long Elements(ImmutableArray<int> shape) => shape.Aggregate(1L, (product, size) => product * size);
}
