namespace ResNet.Runtime.Detection.Regions;

/// <summary>The cells that each bin of a region reads along one axis, and their weights in its mean.</summary>
sealed class BinTaps
{
    readonly Tap[] _taps;

    // The taps of bin i are _ends[i] … _ends[i + 1] − 1.
    readonly int[] _ends;

    BinTaps(List<Tap> taps, int[] ends)
    {
        (_taps, _ends) = ([.. taps], ends);
        First = taps.Count == 0 ? 0 : taps.Min(tap => tap.Cell);
        End = taps.Count == 0 ? 0 : taps.Max(tap => tap.Cell) + 1;
    }

    /// <summary>The first cell that any bin reads.</summary>
    public int First { get; }

    /// <summary>The cell after the last that any bin reads.</summary>
    public int End { get; }

    /// <summary>Number of bins.</summary>
    public int Count => _ends.Length - 1;

    /// <summary>The cells of a bin, each once; none where all samples lie outside.</summary>
    public ReadOnlySpan<Tap> Of(int bin) => _taps.AsSpan(_ends[bin].._ends[bin + 1]);

    /// <summary>Places the samples of a region along an axis, in single precision as torchvision does.</summary>
    /// <param name="from">The region's first corner, in pixels.</param>
    /// <param name="to">The region's second corner, in pixels.</param>
    /// <param name="scale">Cells per pixel.</param>
    /// <param name="cells">Cells of the feature maps.</param>
    /// <param name="pooling">Bins and samples.</param>
    public static BinTaps Of(double from, double to, float scale, int cells, RoiAlign pooling)
    {
        var offset = pooling.Aligned ? 0.5f : 0;
        var start = (float)from * scale - offset;
        var side = (float)to * scale - offset - start;
        if (!pooling.Aligned) side = Math.Max(side, 1);
        var bin = side / pooling.Size;
        var samples = pooling.SamplesPerBin > 0 ? pooling.SamplesPerBin : Math.Max((int)MathF.Ceiling(bin), 0);

        List<Tap> taps = [];
        var ends = new int[pooling.Size + 1];
        for (var i = 0; i < pooling.Size; i++)
        {
            for (var k = 0; k < samples; k++) AddSample(taps, ends[i], start + i * bin + (k + 0.5f) * bin / samples, cells, samples);
            ends[i + 1] = taps.Count;
        }
        return new(taps, ends);
    }

    /// <summary>Lists all cells of ranges, each with a weight of 1.</summary>
    /// <param name="bins">Of each bin the first cell and the one after the last.</param>
    public static BinTaps OfRanges(IEnumerable<(int First, int End)> bins)
    {
        List<Tap> taps = [];
        List<int> ends = [0];
        foreach (var (first, end) in bins)
        {
            for (var cell = first; cell < end; cell++) taps.Add(new(cell, 1));
            ends.Add(taps.Count);
        }
        return new(taps, [.. ends]);
    }

    /// <summary>The bins that read each cell, in rising order: cells and bins change places.</summary>
    /// <param name="cells">Number of cells.</param>
    public BinTaps Transpose(int cells)
    {
        var lists = Enumerable.Range(0, cells).Select(_ => new List<Tap>()).ToArray();
        for (var bin = 0; bin < Count; bin++)
            foreach (var tap in Of(bin)) lists[tap.Cell].Add(new(bin, tap.Weight));
        var ends = new int[cells + 1];
        for (var cell = 0; cell < cells; cell++) ends[cell + 1] = ends[cell] + lists[cell].Count;
        return new([.. lists.SelectMany(list => list)], ends);
    }

    /// <summary>Adds the two cells beside a sample to those of its bin, which begin at <paramref name="first"/>.</summary>
    static void AddSample(List<Tap> taps, int first, float position, int cells, int samples)
    {
        if (position < -1 || position > cells) return;
        position = Math.Clamp(position, 0, cells - 1);
        var cell = Math.Min((int)position, cells - 1);
        var share = position - cell;
        AddTap(taps, first, cell, (1 - share) / samples);
        if (share > 0) AddTap(taps, first, cell + 1, share / samples);
    }

    static void AddTap(List<Tap> taps, int first, int cell, float weight)
    {
        for (var i = first; i < taps.Count; i++)
        {
            if (taps[i].Cell != cell) continue;
            taps[i] = new(cell, taps[i].Weight + weight);
            return;
        }
        taps.Add(new(cell, weight));
    }

    /// <summary>A cell and its weight.</summary>
    public readonly record struct Tap(int Cell, float Weight);
}
