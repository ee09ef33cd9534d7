using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Detection.Boxes;

/// <summary>Draws boxes to learn from, so that background does not outnumber objects by far.</summary>
/// <param name="Count">Number of boxes to draw, matched and background together.</param>
/// <param name="PositiveShare">The share of them that may be matched; background takes the place of those that are missing.</param>
sealed record BalancedDraw(int Count, double PositiveShare)
{
    /// <summary>The stream of random numbers that belongs to an image in a step.</summary>
    /// <param name="seed">Seed of the training.</param>
    /// <param name="name">The kind of the drawn boxes.</param>
    /// <param name="step">Number of the step.</param>
    /// <param name="image">Index of the image among those of the step.</param>
    public static CounterRandom Stream(ulong seed, string name, long step, long image) =>
        new(new CounterRandom(new CounterRandom(seed, name)[step])[image]);

    /// <summary>Returns the indices of the drawn boxes, in rising order.</summary>
    /// <param name="matches">For each box the index of its object, or one of <see cref="BoxMatcher"/>'s negative marks.</param>
    /// <param name="random">The image's stream in this step.</param>
    /// <exception cref="ArgumentException">The count is negative or the share is not between 0 and 1.</exception>
    public (int[] Positive, int[] Negative) Draw(ReadOnlySpan<int> matches, CounterRandom random)
    {
        if (Count < 0 || !(PositiveShare is >= 0 and <= 1)) throw new ArgumentException($"{this}: the count is not negative, the share lies between 0 and 1.");
        List<int> matched = [], background = [];
        for (var i = 0; i < matches.Length; i++)
        {
            if (matches[i] >= 0) matched.Add(i);
            else if (matches[i] == BoxMatcher.Background) background.Add(i);
        }
        var positive = Some(matched, (int)(Count * PositiveShare), new(random[0]));
        return (positive, Some(background, Count - positive.Length, new(random[1])));
    }

    static int[] Some(List<int> indices, int count, CounterRandom random)
    {
        var all = indices.ToArray();
        random.Shuffle(all);
        var drawn = all[..Math.Min(count, all.Length)];
        Array.Sort(drawn);
        return drawn;
    }
}
