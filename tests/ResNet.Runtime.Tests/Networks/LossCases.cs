using ResNet.Dsl;
using ResNet.Reference;

namespace ResNet.Runtime.Tests.Networks;

/// <summary>The losses that are attached to outputs, with targets, each beside the reference of the same meaning.</summary>
static class LossCases
{
    const int Ignored = 255;

    static readonly Dictionary<string, Loss> _losses = new()
    {
        ["softmax"] = new SoftmaxCrossEntropy(),
        ["softmax, ignored"] = new SoftmaxCrossEntropy { IgnoredLabel = Ignored, Weight = 3 },
        ["sigmoid"] = new SigmoidCrossEntropy { Weight = 0.5 },
        ["smooth L1"] = new SmoothL1 { Beta = 0.3 },
        ["L1"] = new SmoothL1 { Beta = 0 },
        ["supplied"] = new SuppliedGradient { Weight = 2 },
    };

    /// <summary>Every loss, without weights of its places and with those that it can have.</summary>
    public static IEnumerable<(string Name, bool Weighted)> All =>
        _losses.SelectMany(loss => loss.Value is SuppliedGradient ? [(loss.Key, false)] : new[] { (loss.Key, false), (loss.Key, true) });

    public static Loss Loss(string name) => _losses[name];

    /// <summary>Targets of a batch.</summary>
    public static LossTarget Target(Loss loss, Shape shape, int batch, bool weighted)
    {
        var positions = batch * shape.Height * shape.Width;
        var count = loss is SoftmaxCrossEntropy ? positions : positions * shape.Channels;
        var weights = weighted ? Enumerable.Range(0, count).Select(i => i % 4 * 0.5f).ToArray() : [];
        if (loss is SoftmaxCrossEntropy { IgnoredLabel: var ignored })
            return new() { Labels = Enumerable.Range(0, count).Select(i => i % 5 == 2 && ignored is { } label ? label : i * 7 % shape.Channels).ToArray(), Weights = weights };
        var values = TestNetworks.Pattern(count, 77);
        return new() { Values = loss is SigmoidCrossEntropy ? Array.ConvertAll(values, Math.Abs) : values, Weights = weights };
    }

    /// <summary>The loss as the reference knows it, with the factor by which it enters the total.</summary>
    public static ReferenceLoss Reference(Loss loss, LossTarget target)
    {
        var values = Array.ConvertAll(target.Values.ToArray(), value => (double)value);
        var weights = target.Weights.IsEmpty ? null : Array.ConvertAll(target.Weights.ToArray(), value => (double)value);
        var reference = loss switch
        {
            SoftmaxCrossEntropy softmax => ReferenceLosses.SoftmaxCrossEntropy(target.Labels.ToArray(), weights, softmax.IgnoredLabel),
            SigmoidCrossEntropy => ReferenceLosses.SigmoidCrossEntropy(values, weights),
            SmoothL1 smooth => ReferenceLosses.SmoothL1(values, weights, smooth.Beta),
            SuppliedGradient => ReferenceLosses.Supplied(values),
            _ => throw new ArgumentException($"The reference has no {loss}", nameof(loss)),
        };
        return output =>
        {
            var (value, gradient) = reference(output);
            return (loss.Weight * value, gradient.Map(i => loss.Weight * gradient[i]));
        };
    }
}
