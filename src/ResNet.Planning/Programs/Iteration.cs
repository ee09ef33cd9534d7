namespace ResNet.Planning.Programs;

/// <summary>
/// Where in its loops a program is, and so which layers and slots its steps name. Outside of loops it is
/// <see langword="default"/>.
/// </summary>
readonly record struct Iteration
{
    /// <summary>By how much layer indices have moved on in all loops, and in those around the innermost one.</summary>
    readonly int _layers, _outerLayers;

    /// <summary>By how much saved slots have moved on.</summary>
    readonly int _slots;

    readonly bool _isLast;

    /// <summary>Enters an iteration of a loop.</summary>
    /// <param name="around">The place of the loop.</param>
    /// <param name="loop">The loop.</param>
    /// <param name="number">Number of the iteration, from the first layers on.</param>
    public Iteration(Iteration around, ProgramLoop loop, int number)
    {
        _outerLayers = around._layers;
        _layers = around._layers + number * loop.Range.Stride;
        _slots = around._slots + number * loop.SlotStride;
        _isLast = number == loop.Range.Count - 1;
    }

    /// <summary>The layer's index in this iteration.</summary>
    public int Layer(LayerReference layer) =>
        _isLast && layer.AfterLast is { } last ? last.Index + _outerLayers : layer.Index + _layers;

    /// <summary>A saved slot's number in this iteration.</summary>
    public int SavedSlot(int slot) => slot + _slots;
}
