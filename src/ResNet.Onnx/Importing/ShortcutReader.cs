using ResNet.Dsl;

namespace ResNet.Onnx.Importing;

/// <summary>Reads paddings, and the shortcut without parameters (He et al. 2015, option A): rows and columns that a stride leaves, and channels of zeros on both sides.</summary>
static class ShortcutReader
{
    /// <summary>Whether a Pad adds channels.</summary>
    public static bool AddsChannels(OnnxNode pad) => ReadPadding(pad) is [_, not 0, _, _, _, _, _, _] or [_, _, _, _, _, not 0, _, _];

    /// <summary>Zeros that a Pad adds to maps: above, left, below, right.</summary>
    /// <exception cref="OnnxException">It pads something else, or with other numbers.</exception>
    public static int[] ReadPaddingOfMaps(OnnxNode pad) =>
        ReadPadding(pad) is [0, 0, >= 0 and var top, >= 0 and var left, 0, 0, >= 0 and var bottom, >= 0 and var right]
            ? [top, left, bottom, right]
            : throw pad.Wrong("expected a padding of rows and columns, or one of channels");

    /// <summary>Reads a Slice, by which rows and columns may also be left out one after the other, and the Pad of channels behind it; or a Pad alone.</summary>
    /// <param name="nodes">The nodes from the first one on.</param>
    /// <param name="input">Shape of the maps before them.</param>
    /// <returns>The shortcut, and how many nodes it takes.</returns>
    /// <exception cref="OnnxException">Something else comes after the Slice, or channels are not added as networks add them.</exception>
    public static (ReadLayer Shortcut, int Nodes) Read(IReadOnlyList<OnnxNode> nodes, Shape input)
    {
        var (stride, columns, slices) = (1L, 1L, 0);
        for (; nodes.ElementAtOrDefault(slices) is { Type: "Slice" } slice; slices++)
        {
            var step = ReadStrides(slice, input);
            (stride, columns) = (stride * step.Rows, columns * step.Columns);
            if (Math.Max(stride, columns) > int.MaxValue) throw slice.Wrong("its strides are beyond any map");
        }
        if (stride != columns) throw nodes[slices - 1].Wrong($"strides of {stride} rows and {columns} columns; expected the same");
        if (stride == 1 && slices > 0) return (new((Layer?)null), slices);
        if (nodes.ElementAtOrDefault(slices) is not { Type: "Pad" } pad || !AddsChannels(pad))
            throw nodes[0].Wrong("strides without a padding of channels after them; expected one, which makes a shortcut of both");
        if (ReadPadding(pad) is not [0, >= 0 and var before, 0, 0, 0, >= 0 and var after, 0, 0]) throw pad.Wrong("expected a padding of rows and columns, or one of channels");
        return before == (before + after) / 2
            ? (new(new ZeroPad("pad", input.Channels + before + after, (int)stride)), slices + 1)
            : throw pad.Wrong($"it adds {before} channels before and {after} behind; expected half of them on each side, of an odd number one more behind");
    }

    /// <summary>The strides of a Slice that takes every so many rows, columns or both, from the first one on.</summary>
    static (long Rows, long Columns) ReadStrides(OnnxNode node, Shape input)
    {
        var (starts, ends) = (Read(node, 1, "starts"), Read(node, 2, "ends"));
        if (starts.Length == 0) throw node.Wrong("starts is empty");
        var axes = node.Constants.ContainsKey(3) ? Read(node, 3, "axes") : [.. Enumerable.Range(0, starts.Length).Select(axis => (long)axis)];
        var steps = node.Constants.ContainsKey(4) ? Read(node, 4, "steps") : [.. Enumerable.Repeat(1L, starts.Length)];
        long[] sizes = [1, input.Channels, input.Height, input.Width];
        var isWhole = starts.Length == ends.Length && axes.Length == starts.Length && steps.Length == starts.Length && starts.All(start => start == 0)
            && axes.Zip(ends).All(pair => pair.First is >= 0 and <= 3 && (pair.First == 0 || pair.Second >= sizes[pair.First]))
            && axes.Zip(steps).All(pair => pair.First >= 2 ? pair.Second is >= 1 and <= int.MaxValue : pair.Second == 1);
        if (!isWhole) throw node.Wrong("expected every so many rows and columns of the whole maps");
        var strides = axes.Zip(steps).ToLookup(pair => pair.First, pair => pair.Second);
        return (strides[2].FirstOrDefault(1), strides[3].FirstOrDefault(1));
    }

    /// <summary>The numbers of a Pad: before batch, channels, rows, columns, and after them.</summary>
    static int[] ReadPadding(OnnxNode node)
    {
        if (node.Text("mode", "constant") != "constant") throw node.Wrong($"mode is {node.Text("mode", "")}; expected constant");
        if (node.IsSet(2) || node.Float("value", 0) != 0) throw node.Wrong("it pads with other numbers than 0");
        return node.Ints("pads") ?? [.. Read(node, 1, "padding").Select(pad => (int)pad)];
    }

    static long[] Read(OnnxNode node, int position, string what) => [.. node.Constant(position, what).Values.Select(value => (long)value)];
}
