using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Detection.Boxes;

/// <summary>Chooses the anchors that a region proposal network learns from (Ren et al. 2015, sections 3.1.2 and 3.1.3).</summary>
sealed record AnchorSampling
{
    /// <summary>Tells which anchors are positive and which negative.</summary>
    public BoxMatcher Matcher { get; init; } = BoxMatcher.Anchors;

    /// <summary>Number of anchors to draw: 256, at most half of them positive.</summary>
    public BalancedDraw Draw { get; init; } = new(256, 0.5);

    /// <summary>Describes objects from anchors.</summary>
    public BoxCoder Coder { get; init; } = BoxCoder.Proposals;

    /// <summary>Whether anchors that cross the border of the image take no part (Ren et al. 2015, section 3.3); in torchvision they do take part.</summary>
    public bool InsideOnly { get; init; }

    /// <summary>Matches the anchors with the objects of an image, draws some, and says what they have to learn.</summary>
    /// <param name="anchors">All anchors.</param>
    /// <param name="objects">The objects of the image; there may be none.</param>
    /// <param name="width">Columns of the image, without padding, in pixels of the network's input.</param>
    /// <param name="height">Rows of the image.</param>
    /// <param name="random">The image's stream in this step: <see cref="BalancedDraw.Stream"/>.</param>
    public AnchorSample Choose(Box[] anchors, IReadOnlyList<ObjectAnnotation> objects, double width, double height, CounterRandom random)
    {
        var matches = Match(anchors, objects, width, height);
        var (positive, negative) = Draw.Draw(matches, random);
        return AnchorSample.Of(positive, negative, matches, objects, anchors, Coder);
    }

    int[] Match(Box[] anchors, IReadOnlyList<ObjectAnnotation> objects, double width, double height)
    {
        if (!InsideOnly) return Matcher.Match(objects, anchors);
        // The best anchors of an object are the best of those that may take part.
        var end = Coder.Inclusive ? 1 : 0;
        var inside = Enumerable.Range(0, anchors.Length)
            .Where(i => anchors[i] is var box && box.X1 >= 0 && box.Y1 >= 0 && box.X2 + end <= width && box.Y2 + end <= height).ToArray();
        var matches = new int[anchors.Length];
        Array.Fill(matches, BoxMatcher.Ignored);
        var own = Matcher.Match(objects, Array.ConvertAll(inside, i => anchors[i]));
        for (var i = 0; i < inside.Length; i++) matches[inside[i]] = own[i];
        return matches;
    }
}
