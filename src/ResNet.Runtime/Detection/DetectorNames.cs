using System.Text.RegularExpressions;
using ResNet.Dsl;
using ResNet.Runtime.Weights;

namespace ResNet.Runtime.Detection;

/// <summary>The names that other implementations give a detector's tensors.</summary>
static partial class DetectorNames
{
    /// <summary>torchvision's names and this library's, by their beginnings.</summary>
    static readonly (string Theirs, string Ours)[] _torchvision =
    [
        ("backbone.body.", ""),
        ("rpn.head.conv.0.0.", "rpn.conv."),
        // Before torchvision 0.13.
        ("rpn.head.conv.", "rpn.conv."),
        ("rpn.head.cls_logits.", "rpn.objectness.conv."),
        ("rpn.head.bbox_pred.", "rpn.deltas.conv."),
        ("roi_heads.box_head.fc6.", "classifier.0."),
        ("roi_heads.box_head.fc7.", "classifier.3."),
        ("roi_heads.box_head.", ""),
        ("roi_heads.box_predictor.cls_score.", "cls_score.fc."),
        ("roi_heads.box_predictor.bbox_pred.", "bbox_pred.fc."),
    ];

    /// <summary>The beginnings of the names that only a detector has.</summary>
    static readonly string[] _ofDetector = ["rpn.", "cls_score.", "bbox_pred.", "context_cls_score.", "context_bbox_pred."];

    /// <summary>Whether a tensor of the library's names is one that no classifier has.</summary>
    public static bool IsOfDetector(string name) => _ofDetector.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>Whether a tensor of a classifier's file belongs to its last layer, which a detector replaces.</summary>
    public static bool IsClassifier(string name) => ClassifierName().IsMatch(name);

    /// <summary>A file's tensors under the library's names; as they are where the file has none of the known other names.</summary>
    /// <param name="file">The file.</param>
    /// <param name="settings">The detector's settings.</param>
    public static IReadOnlyDictionary<string, WeightTensor> Translate(WeightFile file, DetectorSettings settings)
    {
        var tensors = file.StateDict;
        if (DetectronNames.Fit(tensors)) return DetectronNames.Translate(tensors, settings);
        if (!tensors.Keys.Any(name => name.StartsWith("roi_heads.", StringComparison.Ordinal))) return tensors;
        var translated = new Dictionary<string, WeightTensor>(StringComparer.Ordinal);
        foreach (var (name, tensor) in tensors) translated[Translate(name)] = tensor;
        return translated;
    }

    static string Translate(string name)
    {
        foreach (var (theirs, ours) in _torchvision)
            if (name.StartsWith(theirs, StringComparison.Ordinal)) return ours + name[theirs.Length..];
        // A VGG's features as torchvision's detectors have them.
        return VggName().IsMatch(name) ? "features." + name["backbone.".Length..] : name;
    }

    [GeneratedRegex(@"(^|\.)(fc|linear|classifier\.[16])\.(weight|bias)$")]
    private static partial Regex ClassifierName();

    [GeneratedRegex(@"^backbone\.\d+\.(weight|bias)$")]
    private static partial Regex VggName();
}
