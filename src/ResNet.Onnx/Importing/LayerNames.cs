using System.Globalization;

namespace ResNet.Onnx.Importing;

/// <summary>
/// Names of layers: those of their weights, where these have PyTorch's form, <c>layer1.0.conv1.weight</c>, so that files of weights still fit; otherwise numbered ones.
/// </summary>
/// <param name="taken">Names that are taken from the start.</param>
sealed class LayerNames(params IEnumerable<string> taken)
{
    readonly HashSet<string> _taken = new(taken, StringComparer.Ordinal);
    readonly Dictionary<string, int> _numbers = [];

    /// <summary>The name of a layer with parameters.</summary>
    /// <param name="weight">The name of its weight.</param>
    /// <param name="kind">The kind under which it is numbered.</param>
    public string Of(string weight, string kind)
    {
        const string ending = ".weight";
        var name = weight.EndsWith(ending, StringComparison.Ordinal) ? weight[..^ending.Length] : "";
        var isName = name.Length is > 0 and < 500 && name.Split('.').All(word => word.Length > 0 && word.All(c => char.IsLetterOrDigit(c) || c is '_' or '-'));
        return isName && IsFree(name) && _taken.Add(name) ? name : Next(kind);
    }

    /// <summary>The next free name of that kind: <c>conv1</c>, <c>conv2</c> …</summary>
    public string Next(string kind)
    {
        string name;
        do
        {
            _numbers[kind] = _numbers.GetValueOrDefault(kind) + 1;
            name = string.Create(CultureInfo.InvariantCulture, $"{kind}{_numbers[kind]}");
        }
        while (!IsFree(name) || !_taken.Add(name));
        return name;
    }

    /// <summary>Whether no layer has the name, stands in a scope of that name, or has a scope for a name.</summary>
    bool IsFree(string name) => !_taken.Any(other => other == name || other.StartsWith(name + ".", StringComparison.Ordinal) || name.StartsWith(other + ".", StringComparison.Ordinal));
}
