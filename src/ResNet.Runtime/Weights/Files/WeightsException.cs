using System.Collections.Immutable;

namespace ResNet.Runtime;

/// <summary>
/// A weights file cannot be used: it is absent, damaged, of another format, asks for something that no weights need,
/// or does not fit the network. Nothing has been loaded from it.
/// </summary>
public sealed class WeightsException : Exception
{
    internal WeightsException(string file, string problem, string? tensor = null, string? expected = null, string? found = null, Exception? inner = null)
        : base(Describe(file, problem, tensor, expected, found), inner)
    {
        File = file;
        Tensor = tensor;
        Expected = expected;
        Found = found;
    }

    /// <summary>The file's path, or its address when it could not be downloaded.</summary>
    public string File { get; }

    /// <summary>The tensor that is wrong, or null when the file as a whole is.</summary>
    public string? Tensor { get; }

    /// <summary>The expected value (a shape, a size, a hash), or null if there is nothing to compare.</summary>
    public string? Expected { get; }

    /// <summary>The value that was found instead, or null if there is nothing to compare.</summary>
    public string? Found { get; }

    internal static string Text(ImmutableArray<int> shape) => $"[{string.Join(", ", shape)}]";

    static string Describe(string file, string problem, string? tensor, string? expected, string? found)
    {
        var text = tensor is null ? $"{file}: {problem}" : $"{file}: tensor '{tensor}': {problem}";
        if (expected is not null)
            text += $"; expected {expected}";
        if (found is not null)
            text += $"; found {found}";
        return text;
    }
}
