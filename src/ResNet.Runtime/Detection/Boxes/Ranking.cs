namespace ResNet.Runtime.Detection.Boxes;

/// <summary>The order of scores, which is the same on every machine.</summary>
static class Ranking
{
    /// <summary>Returns the indices of the scores, the best first, of equal ones the lower index; those that are not numbers are left out.</summary>
    /// <param name="scores">Scores.</param>
    /// <param name="most">The greatest number of indices to return.</param>
    public static int[] BestFirst(ReadOnlySpan<double> scores, int most = int.MaxValue)
    {
        var entries = new List<(double Score, int Index)>(scores.Length);
        for (var i = 0; i < scores.Length; i++)
            if (!double.IsNaN(scores[i])) entries.Add((scores[i], i));
        entries.Sort(static (a, b) => b.Score.CompareTo(a.Score) is var order && order != 0 ? order : a.Index.CompareTo(b.Index));
        var indices = new int[Math.Min(most, entries.Count)];
        for (var i = 0; i < indices.Length; i++) indices[i] = entries[i].Index;
        return indices;
    }
}
