using ResNet.Dsl;

namespace ResNet.Onnx.Importing;

/// <summary>Reads paddings, and the shortcut without parameters (He et al. 2015, option A): rows and columns that a stride leaves, and channels of zeros on both sides.</summary>
static class ShortcutReader
{
    /// <summary>The stride of a Slice that takes every so many rows, columns or both, from the first one on.</summary>
    /// <exception cref="OnnxException">It takes something else.</exception>
    public static int ReadStride(OnnxNode node, Shape input)
    {
        var (starts, ends) = (Read(node, 1, "starts"), Read(node, 2, "ends"));
        if (starts.Length == 0) throw node.Wrong("starts is empty");
        var axes = node.Constants.ContainsKey(3) ? Read(node, 3, "axes") : [.. Enumerable.Range(0, starts.Length).Select(axis => (long)axis)];
        var steps = node.Constants.ContainsKey(4) ? Read(node, 4, "steps") : [.. Enumerable.Repeat(1L, starts.Length)];
        long[] sizes = [1, input.Channels, input.Height, input.Width];
        var stride = steps.DefaultIfEmpty(0).Max();
        var isWhole = starts.Length == ends.Length && axes.Length == starts.Length && steps.Length == starts.Length && starts.All(start => start == 0)
            && axes.Zip(ends).All(pair => pair.First is >= 0 and <= 3 && (pair.First == 0 || pair.Second >= sizes[pair.First]))
            && axes.Zip(steps).All(pair => pair.Second == (pair.First >= 2 ? stride : 1));
        return isWhole && stride is >= 1 and <= int.MaxValue ? (int)stride : throw node.Wrong("expected every so many rows and columns of the whole maps");
    }

    /// <summary>The numbers of a Pad: before batch, channels, rows, columns, and after them.</summary>
    /// <exception cref="OnnxException">It pads with something else than zeros.</exception>
    public static int[] ReadPadding(OnnxNode node)
    {
        if (node.Text("mode", "constant") != "constant") throw node.Wrong($"mode is {node.Text("mode", "")}; expected constant");
        if (node.Constants.GetValueOrDefault(2)?.Values.FirstOrDefault() is { } value && value != 0 || node.Float("value", 0) != 0) throw node.Wrong("it pads with other numbers than 0");
        return node.Ints("pads") ?? [.. Read(node, 1, "padding").Select(pad => (int)pad)];
    }

    /// <summary>Reads a Pad as a shortcut.</summary>
    /// <param name="node">The Pad.</param>
    /// <param name="input">Shape of the maps before the stride.</param>
    /// <param name="stride">The stride before it.</param>
    /// <returns>The shortcut; null if the Pad adds no channels.</returns>
    /// <exception cref="OnnxException">Channels are not added as networks add them.</exception>
    public static ZeroPad? Read(OnnxNode node, Shape input, int stride)
    {
        if (ReadPadding(node) is not [0, >= 0 and var before, 0, 0, 0, >= 0 and var after, 0, 0] || before + after == 0) return null;
        return before == (before + after) / 2
            ? new("pad", input.Channels + before + after, stride)
            : throw node.Wrong($"it adds {before} channels before and {after} behind; expected half of them on each side, of an odd number one more behind");
    }

    static long[] Read(OnnxNode node, int position, string what) => [.. node.Constant(position, what).Values.Select(value => (long)value)];
}
