using System.Collections.Immutable;
using System.Text.RegularExpressions;
using ResNet.Dsl;
using ResNet.Runtime.Weights;

namespace ResNet.Runtime.Detection;

/// <summary>
/// The tensors of detectron2's C4 models as this library has them. Names differ, and so do three orders: detectron2 counts anchors size by size, in each
/// ratio by ratio; its background is the last class; it corrects no boxes of the background.
/// </summary>
static partial class DetectronNames
{
    const string ProposalHead = "proposal_generator.rpn_head.", Predictor = "roi_heads.box_predictor.";

    /// <summary>Whether a file's tensors have detectron2's names.</summary>
    public static bool Fit(IReadOnlyDictionary<string, WeightTensor> tensors) => tensors.Keys.Any(name => name.StartsWith(ProposalHead, StringComparison.Ordinal));

    /// <summary>The tensors under the library's names, in its orders; those that follow from settings, such as anchors, are left out.</summary>
    /// <param name="tensors">The file's tensors.</param>
    /// <param name="settings">The detector's settings.</param>
    public static Dictionary<string, WeightTensor> Translate(IReadOnlyDictionary<string, WeightTensor> tensors, DetectorSettings settings)
    {
        var translated = new Dictionary<string, WeightTensor>(StringComparer.Ordinal);
        foreach (var (name, tensor) in tensors)
        {
            if (name is "pixel_mean" or "pixel_std" || name.StartsWith("proposal_generator.anchor_generator.", StringComparison.Ordinal)) continue;
            var (ours, value) = Translate(name, tensor, settings);
            translated[ours] = value;
        }
        return translated;
    }

    static (string Name, WeightTensor Tensor) Translate(string name, WeightTensor tensor, DetectorSettings settings)
    {
        if (After(name, ProposalHead + "conv.") is { } conv) return ("rpn.conv." + conv, tensor);
        if (After(name, ProposalHead + "objectness_logits.") is { } logits) return ("rpn.objectness.conv." + logits, OrderAnchors(tensor, settings, values: 1));
        if (After(name, ProposalHead + "anchor_deltas.") is { } deltas) return ("rpn.deltas.conv." + deltas, OrderAnchors(tensor, settings, values: 4));
        if (After(name, Predictor + "cls_score.") is { } classes) return ("cls_score.fc." + classes, BackgroundFirst(tensor));
        if (After(name, Predictor + "bbox_pred.") is { } boxes) return ("bbox_pred.fc." + boxes, WithBackground(tensor));
        if (StageName().Match(name) is { Success: true } stage)
            return ($"layer{int.Parse(stage.Groups["stage"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture) - 1}.{stage.Groups["unit"].Value}.{LayerOf(stage.Groups["layer"].Value)}", tensor);
        return After(name, "backbone.stem.") is { } stem ? (LayerOf(stem), tensor) : (name, tensor);
    }

    static string? After(string name, string prefix) => name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : null;

    /// <summary>The name of a layer's tensor: <c>conv1.norm.weight</c> is <c>bn1.weight</c>, <c>shortcut</c> is <c>downsample</c>.</summary>
    static string LayerOf(string name) => NormName().Replace(name, "bn$1.")
        .Replace("shortcut.norm.", "downsample.1.", StringComparison.Ordinal).Replace("shortcut.", "downsample.0.", StringComparison.Ordinal);

    /// <summary>Brings the output channels, some of each anchor, from size by size to ratio by ratio.</summary>
    static WeightTensor OrderAnchors(WeightTensor tensor, DetectorSettings settings, int values)
    {
        var (sizes, ratios) = (settings.AnchorSizes.Count, settings.AnchorRatios.Count);
        return tensor.Shape is [var rows, ..] && rows == values * sizes * ratios
            ? Rearrange(tensor, rows, row => row / values % sizes * (ratios * values) + row / values / sizes * values + row % values)
            : tensor;
    }

    static WeightTensor BackgroundFirst(WeightTensor tensor) =>
        tensor.Shape is [> 0 and var rows, ..] ? Rearrange(tensor, rows, row => row == 0 ? rows - 1 : row - 1) : tensor;

    static WeightTensor WithBackground(WeightTensor tensor) =>
        tensor.Shape is [> 0 and var rows, ..] ? Rearrange(tensor, rows + 4, row => row < 4 ? null : row - 4) : tensor;

    /// <summary>A tensor of rows of another.</summary>
    /// <param name="tensor">The other.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="source">The row that each is taken from; null for zeros.</param>
    static WeightTensor Rearrange(WeightTensor tensor, int rows, Func<int, int?> source)
    {
        var values = new float[tensor.Shape.Aggregate(1, (product, size) => product * size)];
        tensor.CopyTo(values);
        var length = values.Length / tensor.Shape[0];
        var ordered = new float[rows * length];
        for (var row = 0; row < rows; row++)
            if (source(row) is { } from) values.AsSpan(from * length, length).CopyTo(ordered.AsSpan(row * length));
        ImmutableArray<int> shape = [rows, .. tensor.Shape.Skip(1)];
        return new(tensor.Name, shape, ordered);
    }

    [GeneratedRegex(@"^(backbone|roi_heads)\.res(?<stage>[2-5])\.(?<unit>\d+)\.(?<layer>.+)$")]
    private static partial Regex StageName();

    [GeneratedRegex(@"conv(\d)\.norm\.")]
    private static partial Regex NormName();
}
