using System.Collections.Immutable;
using ResNet.Runtime.Weights;

namespace ResNet.Runtime;

/// <summary>Rewrites weights as safetensors: in another type, under another library's names.</summary>
public static class WeightConversion
{
    /// <summary>
    /// Writes the weights of a file as safetensors, with all of its metadata. Values keep their bits where their type stays, and converting names
    /// there and back gives the same names, but for the prefix of a wrapper and for a last layer of another name than is usual, as <c>linear</c>.
    /// The state of a training run, which means nothing without its own weights, is left out.
    /// </summary>
    /// <param name="input">A file or folder that <see cref="WeightFile.Open(string)"/> opens.</param>
    /// <param name="output">The file to write or to replace.</param>
    /// <param name="type">
    /// Single, half or bfloat16, to which all floating-point tensors are rounded but the mean of the pixels; as they are where null.
    /// </param>
    /// <param name="names">Whose names the tensors get, without the prefix of a wrapper; as they are where null.</param>
    /// <exception cref="ArgumentException">Nothing is written in that type.</exception>
    /// <exception cref="WeightsException">
    /// The input is broken, or would be overwritten, or has tensors for which there are no such names, or has values beyond the type's range.
    /// </exception>
    /// <exception cref="IOException">The output cannot be written.</exception>
    public static WeightConversionResult Convert(string input, string output, WeightType? type = null, WeightNames? names = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(output);
        using var file = WeightFile.Open(input);
        if (file.Sources.Any(source => IsSame(source, output)))
            throw new WeightsException(output, "the output would overwrite the input; write it elsewhere");
        var tensors = file.Tensors.Where(tensor => !StateDict.IsOfTraining(tensor.Name)).ToList();
        var metadata = file.Metadata.Where(entry => !StateDict.IsOfTraining(entry.Key)).ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
        NameScheme? from = null;
        if (names is { } given) (tensors, from) = Rename(file.Path, tensors, NameScheme.Of(given));
        if (names == WeightNames.Transformers) metadata.TryAdd("format", "pt");
        if (type is { } wanted) tensors = tensors.ConvertAll(tensor => tensor.Name == StoredPreprocessing.PixelMean ? tensor : tensor.ConvertTo(wanted));
        WeightFile.Save(output, tensors, metadata);
        return new(tensors.Count, file.Tensors.Count - tensors.Count, from?.Name);
    }

    /// <summary>Gives tensors the names of a scheme. Counters and the mean of the pixels keep theirs where it has none for them.</summary>
    /// <exception cref="WeightsException">The names follow no known scheme, or some have none in that one.</exception>
    static (List<WeightTensor> Tensors, NameScheme From) Rename(string file, List<WeightTensor> tensors, NameScheme to)
    {
        var weights = tensors.FindAll(StateDict.IsWeight);
        var start = StateDict.SharedPrefix(weights);
        var prefix = weights is [var first, ..] ? first.Name[..start] : "";
        var from = NameScheme.Recognize(weights.ConvertAll(tensor => tensor.Name[start..]))
            ?? throw new WeightsException(file, "its names are of no known scheme, so that they cannot be translated", expected: string.Join(", ", NameScheme.All.Select(scheme => scheme.Name)));
        var (untold, unnamed) = (new List<string>(), new List<string>());
        var renamed = tensors.ConvertAll(tensor =>
        {
            var name = tensor.Name.StartsWith(prefix, StringComparison.Ordinal) ? tensor.Name[start..] : tensor.Name;
            var ours = from.ToOurs(name) ?? (from == NameScheme.Torchvision ? name : null);
            var theirs = ours is null ? null : to.Spellings(ours).FirstOrDefault();
            if (theirs is null && StateDict.IsWeight(tensor)) (ours is null ? untold : unnamed).Add(name);
            return theirs is null ? tensor : tensor.As(theirs, Reshape(tensor.Shape, from.KernelOf(ours!), to.KernelOf(ours!)));
        });
        if (untold.Count + unnamed.Count > 0)
            throw new WeightsException(file, $"its names are those of {from.Name}, but they cannot all be translated"
                + NameMapping.List($"not of {from.Name}", untold) + NameMapping.List($"without a name in {to.Name}", unnamed));
        return renamed.Select(tensor => tensor.Name).Distinct(StringComparer.Ordinal).Count() == renamed.Count
            ? (renamed, from)
            : throw new WeightsException(file, $"two of its tensors would have one name in {to.Name}");
    }

    /// <summary>The shape of a dense layer's weight as that of a convolution with kernels of a size, and the other way around.</summary>
    static ImmutableArray<int> Reshape(ImmutableArray<int> shape, int from, int to)
    {
        if (from > 0 && shape is [var units, var channels, _, _]) shape = [units, channels * from * from];
        return to > 0 && shape is [var outputs, var inputs] && inputs % (to * to) == 0 ? [outputs, inputs / (to * to), to, to] : shape;
    }

    static bool IsSame(string left, string right) =>
        string.Equals(Resolve(left), Resolve(right), OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);

    static string Resolve(string path)
    {
        path = Path.GetFullPath(path);
        return (File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName : null) ?? path;
    }
}
