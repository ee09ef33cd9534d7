namespace ResNet.Runtime.Detection.Boxes;

/// <summary>
/// Tells which object each anchor or region is to find, by intersection over union (Ren et al. 2015, section 3.1.2; Girshick 2015, section 2.3).
/// </summary>
/// <param name="Low">A box whose best overlap is below it is background.</param>
/// <param name="High">A box is matched with the object of its best overlap if that is at least this; between the two it takes no part.</param>
/// <remarks>
/// Difficult objects and crowds are matched with no box. A box that would be background takes no part if it overlaps a difficult object by at
/// least <see cref="Low"/>, or if at least <see cref="CrowdShare"/> of it lies in a crowd.
/// </remarks>
sealed record BoxMatcher(double Low, double High)
{
    /// <summary>In place of an object's index: the box shows background.</summary>
    public const int Background = -1;

    /// <summary>In place of an object's index: the box takes no part.</summary>
    public const int Ignored = -2;

    /// <summary>The rules of a region proposal network: 0.3, 0.7, and the best anchors of each object.</summary>
    public static BoxMatcher Anchors { get; } = new(0.3, 0.7) { BestOfObject = true };

    /// <summary>The rules of a detection head: 0.5.</summary>
    public static BoxMatcher Regions { get; } = new(0.5, 0.5);

    /// <summary>Whether the boxes that overlap an object most, all of them where several do equally, are matched however little that is.</summary>
    public bool BestOfObject { get; init; }

    /// <summary>A box whose best overlap is below it takes no part rather than being background: Fast R-CNN's 0.1, which mines hard examples.</summary>
    public double LeastBackground { get; init; }

    /// <summary>The share of a box that has to lie in a crowd for the box to take no part.</summary>
    public double CrowdShare { get; init; } = 0.5;

    /// <summary>Returns for each box the index of its object, <see cref="Background"/> or <see cref="Ignored"/>.</summary>
    /// <param name="objects">The objects of the image; there may be none.</param>
    /// <param name="boxes">Anchors or regions.</param>
    /// <exception cref="ArgumentException">The thresholds are not in order, or a side of an object is not positive and finite.</exception>
    public int[] Match(IReadOnlyList<ObjectAnnotation> objects, ReadOnlySpan<Box> boxes)
    {
        if (!(LeastBackground <= Low && Low <= High)) throw new ArgumentException($"{this}: thresholds rise from the least background to the low and the high one.");
        foreach (var item in objects)
            if (!(item.Box.Width > 0 && item.Box.Height > 0 && double.IsFinite(item.Box.Area)))
                throw new ArgumentException($"The object at {item.Box} has no area.", nameof(objects));

        var matches = new int[boxes.Length];
        var greatest = new double[objects.Count];
        for (var i = 0; i < boxes.Length; i++)
        {
            var (best, overlap) = Best(objects, boxes[i], greatest);
            matches[i] = overlap >= High && best >= 0 ? best
                : overlap >= Low || overlap < LeastBackground || IsHidden(objects, boxes[i]) ? Ignored
                : Background;
        }
        if (BestOfObject)
        {
            for (var i = 0; i < boxes.Length; i++)
                if (matches[i] < 0 && IsBestOfAny(objects, boxes[i], greatest)) matches[i] = Best(objects, boxes[i], greatest).Index;
        }
        return matches;
    }

    /// <summary>The object that a box overlaps most, the first of several; -1 where there is none to find.</summary>
    /// <param name="objects">Objects.</param>
    /// <param name="box">The box.</param>
    /// <param name="greatest">For each object the greatest overlap so far, which rises to the box's.</param>
    static (int Index, double Overlap) Best(IReadOnlyList<ObjectAnnotation> objects, Box box, double[] greatest)
    {
        var (best, overlap) = (-1, 0.0);
        for (var i = 0; i < objects.Count; i++)
        {
            if (objects[i].Difficult || objects[i].Crowd) continue;
            var own = box.Overlap(objects[i].Box);
            if (best < 0 || own > overlap) (best, overlap) = (i, own);
            greatest[i] = Math.Max(greatest[i], own);
        }
        return (best, overlap);
    }

    static bool IsBestOfAny(IReadOnlyList<ObjectAnnotation> objects, Box box, double[] greatest)
    {
        for (var i = 0; i < objects.Count; i++)
            if (greatest[i] > 0 && box.Overlap(objects[i].Box) == greatest[i]) return true;
        return false;
    }

    bool IsHidden(IReadOnlyList<ObjectAnnotation> objects, Box box)
    {
        foreach (var item in objects)
        {
            if (item.Difficult && box.Overlap(item.Box) >= Low) return true;
            if (item.Crowd && box.Area > 0 && box.Intersection(item.Box) / box.Area >= CrowdShare) return true;
        }
        return false;
    }
}
