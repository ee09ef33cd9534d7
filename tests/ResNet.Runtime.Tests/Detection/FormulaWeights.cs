using System.Text;

namespace ResNet.Runtime.Tests.Detection;

/// <summary>The weights of the reference's ResNet-18, a function of the names and positions of their values; the reference's README states it.</summary>
static class FormulaWeights
{
    /// <summary>Writes the weights of a detector under torchvision's names.</summary>
    /// <param name="detector">The detector.</param>
    /// <param name="seed">Seed of the reference.</param>
    /// <param name="path">The file.</param>
    public static void Write(Detector detector, string seed, string path) => WeightFile.Save(path, detector.Trunk.Parameters.Tensors.Concat(detector.Head.Parameters.Tensors).Select(tensor =>
    {
        var name = TorchvisionName(tensor.Name);
        var shape = tensor.Shape.ToArray();
        var (offset, scale) = Rule(name, shape);
        return new WeightTensor(name, [.. shape], Values($"{seed}/{name}", tensor.Read().Length, offset, scale));
    }));

    /// <summary>The name that torchvision gives a tensor.</summary>
    public static string TorchvisionName(string name) => name switch
    {
        _ when name.StartsWith("rpn.conv.", StringComparison.Ordinal) => "rpn.head.conv.0.0." + name["rpn.conv.".Length..],
        _ when name.StartsWith("rpn.objectness.conv.", StringComparison.Ordinal) => "rpn.head.cls_logits." + name["rpn.objectness.conv.".Length..],
        _ when name.StartsWith("rpn.deltas.conv.", StringComparison.Ordinal) => "rpn.head.bbox_pred." + name["rpn.deltas.conv.".Length..],
        _ when name.StartsWith("cls_score.fc.", StringComparison.Ordinal) => "roi_heads.box_predictor.cls_score." + name["cls_score.fc.".Length..],
        _ when name.StartsWith("bbox_pred.fc.", StringComparison.Ordinal) => "roi_heads.box_predictor.bbox_pred." + name["bbox_pred.fc.".Length..],
        _ when name.StartsWith("head.", StringComparison.Ordinal) => "roi_heads.box_head." + name["head.".Length..],
        _ when name.StartsWith("layer4.", StringComparison.Ordinal) => "roi_heads.box_head." + name,
        _ => "backbone.body." + name,
    };

    static float[] Values(string name, int count, double offset, double scale)
    {
        var key = 0xcbf29ce484222325UL;
        foreach (var value in Encoding.UTF8.GetBytes(name)) key = unchecked((key ^ value) * 0x100000001b3UL);
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            unchecked
            {
                var z = key + ((ulong)i + 1) * 0x9E3779B97F4A7C15UL;
                z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
                z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
                z ^= z >> 31;
                var u = (z >> 40) / (double)(1 << 24);
                values[i] = (float)(offset + scale * (2 * u - 1));
            }
        }
        return values;
    }

    static (double Offset, double Scale) Rule(string name, int[] shape)
    {
        var last = name[(name.LastIndexOf('.') + 1)..];
        var isNorm = name.Contains(".bn", StringComparison.Ordinal) || name.Contains("downsample.1", StringComparison.Ordinal);
        if (last == "running_mean") return (0, 0.2);
        if (last == "running_var") return (1, 0.5);
        if (isNorm && last == "weight") return (name.Contains("bn2", StringComparison.Ordinal) ? 0.5 : 1, 0.25);
        if (isNorm) return (0, 0.2);
        if (last == "bias") return (0, 0.1);
        var gain = name switch
        {
            _ when name.Contains("cls_logits", StringComparison.Ordinal) => 3.0,
            _ when name.Contains("rpn.head.bbox_pred", StringComparison.Ordinal) => 0.5,
            _ when name.Contains("cls_score", StringComparison.Ordinal) => shape[1] < 512 ? 2 : 0.4,
            _ when name.Contains("roi_heads", StringComparison.Ordinal) && name.Contains("bbox_pred", StringComparison.Ordinal) && shape[1] >= 512 => 0.4,
            _ => 1.0,
        };
        var fan = shape.Skip(1).Aggregate(1, (product, size) => product * size);
        return (0, gain * Math.Sqrt(6.0 / fan));
    }
}
