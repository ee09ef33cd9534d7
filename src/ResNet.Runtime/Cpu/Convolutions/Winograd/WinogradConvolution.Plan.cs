using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Cpu.Threads;

namespace ResNet.Runtime.Cpu.Convolutions.Winograd;

sealed unsafe partial class WinogradConvolution
{
    /// <summary>Transformed pixels and a panel's sums of this size stay in the second-level cache, weights beside them.</summary>
    const int CachedBytes = 800 * 1024;

    /// <summary>Cycles that a call of a tile kernel takes beside its products.</summary>
    const double CyclesPerCall = 40;

    /// <summary>The division of a batch.</summary>
    /// <param name="split">The share of each of the parts.</param>
    /// <param name="rows">Rows of tiles that are taken at a time.</param>
    /// <param name="input">The place of the transformed pixels.</param>
    /// <param name="sums">The place of a panel's sums.</param>
    /// <param name="products">(m+2)².</param>
    /// <param name="fetches">Whether pixels come from memory and are fetched ahead.</param>
    sealed class Plan(WorkSplit split, int rows, TileGrid.Planes input, TileGrid.Planes sums, int products, bool fetches)
    {
        public bool Fetches => fetches;
        public WorkSplit Split => split;
        public int Rows => rows;
        public TileGrid.Planes Input => input;
        public TileGrid.Planes Sums => sums;
        public nint InputLength => input.Product * products;
        public nint PartLength => InputLength + sums.Product * products;
    }

    Plan PlanFor(int batch, int parts) =>
        _plans.TryGetValue((batch, parts), out var plan) ? plan : _plans.GetOrAdd((batch, parts), MakePlan(batch, parts));

    Plan MakePlan(int batch, int parts)
    {
        var tileRows = batch * _grid.Rows;
        var (rows, cycles) = ChooseRows(tileRows);
        // The work of a part for all of its rows, independent of its panels, is counted as bytes that it reads.
        var inputBytes = InputCycles * tileRows * WorkSplit.BytesPerCycle;
        var split = WorkSplit.Choose(parts, tileRows, Panels, cycles, inputBytes, (double)_biasOffset * sizeof(float), _weightBytesPerCycle);
        rows = Math.Min(rows, (tileRows + split.RowParts - 1) / split.RowParts);
        var tiles = rows * _grid.Columns;
        return new(split, rows, TileGrid.Planes.Of(tiles, InputBlocks), TileGrid.Planes.Of(tiles, _panelBlocks), _filter.Products, Prefetching.Pays(Input.SizeInFloats(batch)));
    }

    /// <summary>
    /// Rows of tiles to take at a time: more read the weights less often, and fill the register tiles better; too many fall
    /// out of the cache, to be read from beyond it by every panel.
    /// </summary>
    (int Rows, double Cycles) ChooseRows(int tileRows)
    {
        var (best, fastest) = (1, double.PositiveInfinity);
        for (var rows = 1; rows <= Math.Min(tileRows, Math.Max(64, _grid.Rows)); rows++)
        {
            var groups = (double)tileRows / rows;
            var tiles = rows * _grid.Columns;
            var blockBytes = (double)tiles * Lanes * _filter.Products * sizeof(float);
            double cycles = 0;
            for (var panel = 0; panel < Panels; panel++)
            {
                var (_, blocks) = PanelAt(panel);
                var tiling = _tilings[blocks - 1];
                cycles += _filter.Products * (tiling.Cycles(tiles) * InputBlocks * Lanes + CyclesPerCall * tiling.Count(tiles));
                cycles += _filter.Output.Cycles * blocks * tiles;
                if (blockBytes * (InputBlocks + blocks) > CachedBytes) cycles += blockBytes * (InputBlocks + 2 * blocks) / WorkSplit.BytesPerCycle;
            }
            // The weights are read by every group; the first time is counted with the split.
            cycles = groups * cycles + (Math.Ceiling(groups) - 1) * _biasOffset * sizeof(float) / WorkSplit.BytesPerCycle;
            if (cycles >= fastest) continue;
            (best, fastest) = (rows, cycles);
        }
        return (best, fastest);
    }

    /// <summary>Cycles of transforming the pixels of a row of tiles.</summary>
    double InputCycles => _filter.Input.Cycles * InputBlocks * _grid.Columns;
}
