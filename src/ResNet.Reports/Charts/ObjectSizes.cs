using ResNet.Runtime.Detection.Evaluation;

namespace ResNet.Reports.Charts;

/// <summary>The objects between a size and its double.</summary>
/// <param name="Least">The least side of a square as large as the box, in pixels; a power of two.</param>
/// <param name="Found">Objects that were found.</param>
/// <param name="Missed">Objects that were missed.</param>
readonly record struct ObjectSizes(int Least, int Found, int Missed)
{
    /// <summary>Counts objects from the smallest size that there is to the largest.</summary>
    public static IReadOnlyList<ObjectSizes> Of(DetectionResult result)
    {
        var (found, missed) = (result.Found.CountBy(PowerOf).ToDictionary(), result.Missed.CountBy(PowerOf).ToDictionary());
        var powers = found.Keys.Concat(missed.Keys).ToList();
        if (powers.Count == 0) return [];
        return [.. Enumerable.Range(powers.Min(), powers.Max() - powers.Min() + 1).Select(power => new ObjectSizes(1 << power, found.GetValueOrDefault(power), missed.GetValueOrDefault(power)))];
    }

    static int PowerOf(SceneObject item) => (int)Math.Clamp(Math.Log2(item.Object.Box.Area) / 2, 0, 15);
}
