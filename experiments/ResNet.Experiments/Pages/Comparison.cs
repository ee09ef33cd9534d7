namespace ResNet.Experiments.Pages;

/// <summary>An order of two networks that the paper found.</summary>
/// <param name="Better">Name of the network with the lower error.</param>
/// <param name="Worse">Name of the other.</param>
sealed record Comparison(string Better, string Worse)
{
    // A network that is right this much more often than by chance, in percent, has learned something.
    const double LeastLearned = 10;

    /// <summary>Says whether the order shows, in a sentence; null if one of the two was not trained.</summary>
    /// <param name="outcome">The runs.</param>
    public string? Judge(Outcome outcome)
    {
        var (better, worse) = (outcome.Of(Better), outcome.Of(Worse));
        if (better.Count == 0 || worse.Count == 0) return null;
        var (low, high) = (Spread.Of([.. better.Select(trial => trial.Error)]), Spread.Of([.. worse.Select(trial => trial.Error)]));
        var both = $"{better[0].Subject.Label} {low} %, {worse[0].Subject.Label} {high} %";
        var chance = 100 * (1 - 1.0 / outcome.Classes);
        if (Math.Min(low.Least, high.Least) > chance - LeastLearned)
            return $"{both}: neither has learned enough to be compared; the budget was too small to tell.";
        if (low.Greatest < high.Least)
            return $"{both}: the paper's order shows{(better.Count > 1 || worse.Count > 1 ? " in every seed" : ", with one seed")}.";
        if (high.Greatest < low.Least)
            return $"{both}: here the order is the reverse of the paper's{(better.Count > 1 || worse.Count > 1 ? ", in every seed" : ", with one seed")}.";
        return $"{both}: the seeds overlap; this run is too short, or its seeds are too few, to tell.";
    }
}
