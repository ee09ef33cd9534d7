using ResNet.Runtime.Detection.Boxes;

namespace ResNet.Runtime.Detection.Regions;

/// <summary>The outputs of a detection head for the regions of one image (Girshick 2015, section 2).</summary>
readonly ref struct HeadOutputs
{
    readonly ReadOnlySpan<float> _logits;
    readonly ReadOnlySpan<float> _regression;
    readonly ReadOnlySpan<Box> _regions;
    readonly BoxCoder _coder;
    readonly int? _asked;

    /// <param name="logits"><c>regions × (1 + classes)</c>; the first column is background.</param>
    /// <param name="regression">Deltas: <c>regions × 4·(1 + classes)</c>, class by class; the first four are background's and mean nothing.</param>
    /// <param name="regions">Regions, which may be none.</param>
    /// <param name="classes">Number of classes, without background.</param>
    /// <param name="coder">Reads deltas.</param>
    /// <param name="asked">The class, counted from 0, that the regions are judged for alone; null where classes are distinguished.</param>
    /// <exception cref="ArgumentException">The lengths do not fit each other.</exception>
    public HeadOutputs(ReadOnlySpan<float> logits, ReadOnlySpan<float> regression, ReadOnlySpan<Box> regions, int classes, BoxCoder coder, int? asked = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classes);
        if (logits.Length != regions.Length * (1 + classes) || regression.Length != BoxDeltas.Count * logits.Length)
            throw new ArgumentException($"{regions.Length} regions and {classes} classes do not have {logits.Length} logits and {regression.Length} deltas.");
        _logits = logits;
        _regression = regression;
        _regions = regions;
        _coder = coder;
        _asked = asked;
        Classes = classes;
    }

    /// <summary>Number of classes, without background.</summary>
    public int Classes { get; }

    /// <summary>
    /// Returns the boxes of all classes that are surer than the threshold, clipped to the image: region by region, in each class by class. A
    /// probability or a box that is not a number is none.
    /// </summary>
    /// <param name="width">Columns of the image, without padding, in pixels of the network's input.</param>
    /// <param name="height">Rows of the image.</param>
    /// <param name="threshold">A box with at most this probability of its class is none.</param>
    /// <param name="leastSide">Least side of a box within the image.</param>
    public List<ScoredBox> Candidates(double width, double height, double threshold, double leastSide)
    {
        List<ScoredBox> candidates = [];
        Span<double> scores = new double[1 + Classes];
        for (var region = 0; region < _regions.Length; region++)
        {
            if (_asked is null) Softmax(region, scores);
            else Judge(region, scores);
            for (var label = 0; label < Classes; label++)
            {
                if (!(scores[1 + label] > threshold)) continue;
                var box = Decode(region, label).Clip(width, height);
                if (box.Width >= leastSide && box.Height >= leastSide) candidates.Add(new(label, scores[1 + label], box));
            }
        }
        return candidates;
    }

    /// <summary>
    /// Returns for each region the box of its best class, or of the only one that it is judged for, clipped to the image: the regions of a second pass (He et al. 2015, appendix B, box refinement).
    /// </summary>
    /// <param name="width">Columns of the image, without padding, in pixels of the network's input.</param>
    /// <param name="height">Rows of the image.</param>
    public Box[] Refine(double width, double height)
    {
        var refined = new Box[_regions.Length];
        for (var region = 0; region < refined.Length; region++)
        {
            var row = Row(region);
            var best = 1;
            for (var column = 2; column < row.Length; column++)
                if (row[column] > row[best]) best = column;
            refined[region] = Decode(region, _asked ?? best - 1).Clip(width, height);
        }
        return refined;
    }

    ReadOnlySpan<float> Row(int region) => _logits.Slice(region * (1 + Classes), 1 + Classes);

    Box Decode(int region, int label) =>
        _coder.Decode(BoxDeltas.Of(_regression[((region * (1 + Classes) + 1 + label) * BoxDeltas.Count)..]), _regions[region]);

    /// <summary>The probability of the only class that is asked for; those of others are no numbers.</summary>
    void Judge(int region, Span<double> scores)
    {
        scores.Fill(double.NaN);
        var column = 1 + _asked!.Value;
        scores[column] = 1 / (1 + Math.Exp(-Row(region)[column]));
    }

    void Softmax(int region, Span<double> scores)
    {
        var row = Row(region);
        var (greatest, sum) = ((double)row[0], 0.0);
        foreach (var logit in row) greatest = Math.Max(greatest, logit);
        for (var i = 0; i < row.Length; i++) sum += scores[i] = Math.Exp(row[i] - greatest);
        foreach (ref var score in scores) score /= sum;
    }
}
