namespace ResNet.Runtime.Detection.Boxes;

/// <summary>
/// Where the values of an anchor stand among those of a region proposal network. Anchors are numbered row by row, in a row column by column, at a
/// location anchor by anchor.
/// </summary>
/// <param name="Anchors">Anchors at each location.</param>
/// <param name="Rows">Rows of the feature maps.</param>
/// <param name="Columns">Columns of the feature maps.</param>
readonly record struct AnchorLayout(int Anchors, int Rows, int Columns)
{
    /// <summary>Number of locations.</summary>
    public int Locations => Rows * Columns;

    /// <summary>Number of anchors at all locations.</summary>
    public int Count => Anchors * Locations;

    /// <summary>The place of an anchor's objectness in <c>anchors × rows × columns</c>.</summary>
    public int Objectness(int anchor)
    {
        var (location, kind) = Math.DivRem(anchor, Anchors);
        return kind * Locations + location;
    }

    /// <summary>The place of one of an anchor's deltas in <c>4·anchors × rows × columns</c>, whose channels are those of the first anchor, then of the second, and so on.</summary>
    public int Delta(int anchor, int index)
    {
        var (location, kind) = Math.DivRem(anchor, Anchors);
        return (kind * BoxDeltas.Count + index) * Locations + location;
    }

    /// <summary>Reads an anchor's deltas.</summary>
    public BoxDeltas Deltas(int anchor, ReadOnlySpan<float> deltas) =>
        new(deltas[Delta(anchor, 0)], deltas[Delta(anchor, 1)], deltas[Delta(anchor, 2)], deltas[Delta(anchor, 3)]);

    /// <summary>Refuses outputs of another size.</summary>
    /// <exception cref="ArgumentException">There are not as many values as anchors, or not four times as many deltas.</exception>
    public void Validate(int objectness, int deltas)
    {
        if (objectness != Count || deltas != BoxDeltas.Count * Count)
            throw new ArgumentException($"{this} has {Count} anchors, not {objectness}, and four deltas of each, not {deltas} in all.");
    }
}
