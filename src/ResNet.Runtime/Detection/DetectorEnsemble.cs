using ResNet.Runtime.Detection;
using ResNet.Runtime.Detection.Boxes;

namespace ResNet.Runtime;

/// <summary>
/// Detectors that look at each picture together (He et al. 2015, Appendix B, "Ensembles"): every head classifies the regions that all trunks propose, and
/// the mean of their probabilities and of their box corrections counts.
/// </summary>
public sealed class DetectorEnsemble
{
    readonly IReadOnlyList<Detector> _members;

    /// <summary>Joins detectors, which remain the caller's to dispose.</summary>
    /// <param name="members">The detectors; they have the same classes in the same order.</param>
    /// <exception cref="ArgumentException">There is none, they have different classes, or one has proposals for each class, whose scores are none of all classes together.</exception>
    public DetectorEnsemble(params IReadOnlyList<Detector> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        if (members.Count == 0) throw new ArgumentException("An ensemble has at least one detector", nameof(members));
        if (members.FirstOrDefault(member => !member.Labels.SequenceEqual(members[0].Labels)) is { } other)
            throw new ArgumentException($"{other.Definition.Name} has other classes than {members[0].Definition.Name}", nameof(members));
        if (members.FirstOrDefault(member => member.Definition.Settings.PerClassProposals) is { } localizer)
            throw new ArgumentException($"{localizer.Definition.Name} has proposals for each class; an ensemble takes detectors that tell classes apart", nameof(members));
        (_members, Options) = (members, members[0].Options);
    }

    /// <inheritdoc cref="DetectorEnsemble(IReadOnlyList{Detector})"/>
    // C# before 13 and other languages list arguments for arrays alone.
    public DetectorEnsemble(params Detector[] members) : this((IReadOnlyList<Detector>)members)
    {
    }

    /// <summary>The options of the search; those of the first detector by default.</summary>
    public DetectionOptions Options { get; set; }

    /// <summary>Finds the objects of a picture.</summary>
    /// <param name="image">A picture of any size.</param>
    /// <param name="threshold">Least score of an object, from 0 to 1.</param>
    /// <returns>The objects, the best first, their boxes in the picture's pixels.</returns>
    public IReadOnlyList<DetectedObject> Detect(Image image, double threshold = 0.5)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (!(threshold is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "A score is from 0 to 1");
        var options = Options;
        var candidates = RegionClassifier.FindAtAllSizes(image, options, sized => Find(sized, options));
        return [.. RegionClassifier.Select(candidates, options).Where(found => found.Score >= threshold).Select(_members[0].Name)];
    }

    List<ScoredBox> Find(Image sized, DetectionOptions options)
    {
        var features = _members.Select(member => member.Pass.RunTrunk(sized)).ToArray();
        try
        {
            Box[] regions = [.. _members.SelectMany((member, i) => member.Pass.Propose(features[i], sized, options.Proposals).Select(region => region.Box))];
            return new RegionClassifier(options, sized.Width, sized.Height)
                .Find(regions, some => Average(features, some, sized.Width, sized.Height), _members[0].Definition.Settings.Classes);
        }
        finally
        {
            foreach (var outputs in features) outputs.Dispose();
        }
    }

    /// <summary>The logarithms of the mean probabilities, which are logits of them, and the mean corrections.</summary>
    (float[] Logits, float[] Deltas) Average(TrunkOutputs[] features, Box[] regions, int width, int height)
    {
        var columns = _members[0].Definition.Settings.Classes + 1;
        var (probabilities, corrections) = (new double[regions.Length * columns], new double[4 * regions.Length * columns]);
        for (var i = 0; i < _members.Count; i++)
        {
            var (logits, deltas) = _members[i].Pass.RunHead(features[i], regions, width, height);
            for (var region = 0; region < regions.Length; region++) AddSoftmax(logits.AsSpan(region * columns, columns), probabilities.AsSpan(region * columns, columns));
            for (var k = 0; k < deltas.Length; k++) corrections[k] += deltas[k] / (double)_members.Count;
        }
        return (Array.ConvertAll(probabilities, value => (float)Math.Log(value / _members.Count)), Array.ConvertAll(corrections, value => (float)value));
    }

    static void AddSoftmax(ReadOnlySpan<float> logits, Span<double> sum)
    {
        var (greatest, total) = (float.NegativeInfinity, 0.0);
        foreach (var logit in logits) greatest = Math.Max(greatest, logit);
        foreach (var logit in logits) total += Math.Exp(logit - greatest);
        for (var i = 0; i < logits.Length; i++) sum[i] += Math.Exp(logits[i] - greatest) / total;
    }
}
