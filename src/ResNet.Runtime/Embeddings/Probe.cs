using ResNet.Runtime.Evaluation;

namespace ResNet.Runtime.Embeddings;

/// <summary>The checks and the counting that classifiers of embeddings share.</summary>
static class Probe
{
    /// <exception cref="ArgumentException">The embeddings differ in length, or the classes in number; or there are no images.</exception>
    public static void Check(EmbeddedDataset known, EmbeddedDataset asked)
    {
        if (known.Labels.Count == 0 || asked.Labels.Count == 0) throw new ArgumentException("There are no images");
        if ((known.Length, known.Classes.Count) != (asked.Length, asked.Classes.Count))
            throw new ArgumentException($"The images are embedded in {known.Length} and {asked.Length} values, and of {known.Classes.Count} and {asked.Classes.Count} classes; expected the same network and classes");
    }

    /// <summary>Counts the right answers.</summary>
    /// <param name="scores">images × classes.</param>
    /// <param name="labels">The right classes.</param>
    /// <param name="elapsed">The time that it took.</param>
    public static EvaluationResult Score(Tensor scores, IReadOnlyList<int> labels, TimeSpan elapsed)
    {
        var (top1, top5) = (0, 0);
        for (var i = 0; i < labels.Count; i++)
        {
            var row = scores[i];
            var label = labels[i];
            // Of equal scores, the class of the smaller index comes first.
            var before = 0;
            for (var other = 0; other < row.Length; other++)
                if (row[other] > row[label] || row[other] == row[label] && other < label) before++;
            if (before < 1) top1++;
            if (before < 5) top5++;
        }
        return new(labels.Count, top1, top5, elapsed);
    }
}
