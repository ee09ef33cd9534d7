using System.Globalization;

namespace ResNet.Dsl;

/// <summary>Layers in the words of the papers' tables: <c>7×7, 64, stride 2</c>.</summary>
static class LayerText
{
    /// <summary>Describes a layer, or what a container does to its input: its convolutions, pools and dense layers.</summary>
    public static string Describe(Layer layer) => layer switch
    {
        Conv2d conv => Invariant($"{conv.Kernel}×{conv.Kernel}, {conv.Channels}")
            + Unless(1, conv.Stride, "stride {0}") + Unless(1, conv.Dilation, "dilation {0}") + Unless(1, conv.Groups, "{0} groups")
            + (conv.Bias ? ", bias" : ""),
        BatchNorm => "batch norm",
        Relu => "ReLU",
        MaxPool pool => Invariant($"{pool.Kernel}×{pool.Kernel} max pool") + Unless(1, pool.Stride, "stride {0}"),
        AveragePool pool => Invariant($"{pool.Kernel}×{pool.Kernel} average pool") + Unless(1, pool.Stride, "stride {0}"),
        GlobalAveragePool => "global average pool",
        Dense dense => Invariant($"{dense.Units}-d fc") + (dense.Bias ? "" : ", no bias"),
        Dropout dropout => Invariant($"dropout {dropout.Rate}"),
        ZeroPad pad => Invariant($"zero padding to {pad.Channels}") + Unless(1, pad.Stride, "stride {0}"),
        Tap => "tap",
        Sequence sequence => Chain(sequence.Layers),
        Repeat repeat => Invariant($"({Describe(repeat.Body)}) ×{repeat.Count}"),
        Residual residual => $"[{Describe(residual.Main)}] + {(residual.Shortcut.Layers.Count == 0 ? "identity" : Describe(residual.Shortcut))}",
        _ => throw new ArgumentOutOfRangeException(nameof(layer), layer, "There is no such layer"),
    };

    /// <summary>Whether the layer goes without saying, as batch normalization and ReLU do in the papers' tables.</summary>
    public static bool IsImplied(Layer layer) => layer is BatchNorm or Relu or Tap;

    static string Chain(IReadOnlyList<Layer> layers)
    {
        var told = layers.Where(layer => !IsImplied(layer) && layer is not Sequence { Layers.Count: 0 }).ToList();
        return string.Join(" → ", (told.Count > 0 ? told : layers).Select(Describe));
    }

    static string Unless(int usual, int value, string text) =>
        value == usual ? "" : ", " + string.Format(CultureInfo.InvariantCulture, text, value);

    static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
