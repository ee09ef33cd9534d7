using ResNet.Runtime.Detection.Regions;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>Lists of taps as <see cref="Kernels.RegionBins"/> reads them: those of all regions' rows, then those of all regions' columns.</summary>
/// <param name="Ends">The end of each list, after a zero.</param>
/// <param name="Places">The taps' cells, or bins.</param>
/// <param name="Weights">Their weights.</param>
/// <param name="FirstColumn">Number of the first list of a column.</param>
sealed record TapTable(int[] Ends, int[] Places, float[] Weights, int FirstColumn)
{
    /// <summary>The cells that each bin reads.</summary>
    public static TapTable OfBins(IReadOnlyList<RegionPass> passes) =>
        Of(passes, (pass, region) => pass.RowsOf(region), (pass, region) => pass.ColumnsOf(region));

    /// <summary>The bins that read each cell.</summary>
    public static TapTable OfCells(IReadOnlyList<RegionPass> passes) =>
        Of(passes, (pass, region) => pass.RowsOf(region).Transpose(pass.Maps.Height), (pass, region) => pass.ColumnsOf(region).Transpose(pass.Maps.Width));

    static TapTable Of(IReadOnlyList<RegionPass> passes, Func<RegionPass, int, BinTaps> rows, Func<RegionPass, int, BinTaps> columns)
    {
        List<int> ends = [0], places = [];
        List<float> weights = [];
        AddAll(rows);
        var firstColumn = ends.Count - 1;
        AddAll(columns);
        return new([.. ends], [.. places], [.. weights], firstColumn);

        void AddAll(Func<RegionPass, int, BinTaps> axis)
        {
            foreach (var pass in passes)
                for (var region = 0; region < pass.Regions; region++) Add(axis(pass, region));
        }

        void Add(BinTaps lists)
        {
            for (var list = 0; list < lists.Count; list++)
            {
                foreach (var tap in lists.Of(list))
                {
                    places.Add(tap.Cell);
                    weights.Add(tap.Weight);
                }
                ends.Add(places.Count);
            }
        }
    }
}
