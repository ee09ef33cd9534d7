namespace ResNet.Runtime.Cpu.Threads;

/// <summary>A convolution's work cut into <c>RowParts × PanelParts</c> equal pieces: rows of all images × weight panels.</summary>
/// <param name="RowParts">Number of slices of the rows.</param>
/// <param name="PanelParts">Number of slices of the panels.</param>
/// <param name="Cycles">Estimated cycles of the slowest piece.</param>
readonly record struct WorkSplit(int RowParts, int PanelParts, double Cycles)
{
    /// <summary>Bytes that a core reads from beyond its own cache in a cycle, about.</summary>
    public const double BytesPerCycle = 16;

    /// <summary>
    /// The split whose slowest piece is fastest: few rows make pieces of uneven size, and every piece reads all the
    /// weights of its panels and all the input of its rows.
    /// </summary>
    public static WorkSplit Choose(int parts, long rows, int panels, double cycles, double inputBytes, double weightBytes, double weightBytesPerCycle)
    {
        var best = new WorkSplit(parts, 1, double.PositiveInfinity);
        for (var panelParts = 1; panelParts <= parts; panelParts++)
        {
            if (parts % panelParts != 0) continue;
            var rowParts = parts / panelParts;
            var rowShare = (double)((rows + rowParts - 1) / rowParts) / rows;
            var panelShare = (double)((panels + panelParts - 1) / panelParts) / panels;
            var cost = cycles * rowShare * panelShare + inputBytes * rowShare / BytesPerCycle + weightBytes * panelShare / weightBytesPerCycle;
            if (cost < best.Cycles) best = new(rowParts, panelParts, cost);
        }
        return best;
    }

    /// <summary>The slice of <paramref name="count"/> things that falls to one of several parts.</summary>
    public static (int First, int End) Slice(int count, int part, int parts) =>
        ((int)((long)count * part / parts), (int)((long)count * (part + 1) / parts));
}
