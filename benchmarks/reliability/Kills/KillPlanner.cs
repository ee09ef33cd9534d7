namespace ResNet.Reliability.Kills;

/// <summary>Chooses moments to kill at, so that all parts of a run get their share. All random choices follow from the seed.</summary>
sealed class KillPlanner(int seed)
{
    readonly Random _random = new(seed);

    /// <summary>Kills so far, by the part of the run that they fell into.</summary>
    public Dictionary<Place, int> Fell { get; } = Enum.GetValues<Place>().ToDictionary(place => place, _ => 0);

    public int Kills => Fell.Values.Sum();

    /// <summary>Number of kills after which a run is left alone, so that it comes to its end.</summary>
    public int KillsOfRun() => _random.Next(5, 40);

    /// <summary>Plans a kill in one of the three parts that have had the fewest.</summary>
    /// <param name="stepSeconds">The time of the steps of an epoch.</param>
    /// <param name="startSeconds">The time of a process before it writes anything.</param>
    /// <param name="hasCheckpoint">Whether the run can be resumed, so that all of its parts are within reach.</param>
    public KillPlan Next(double stepSeconds, double startSeconds, bool hasCheckpoint)
    {
        // Before the first checkpoint, there is no use in waiting for a run's end.
        var places = Fell.Where(entry => hasCheckpoint || entry.Key != Place.Report).OrderBy(entry => entry.Value).Take(3).Select(entry => entry.Key).ToList();
        var place = places[_random.Next(places.Count)];
        return place switch
        {
            Place.Start => new(place, 1, Part(startSeconds)),
            // One in three is asked to end first, and saves in the middle of an epoch.
            Place.Steps => new(place, _random.Next(1, 3), Part(stepSeconds), _random.Next(3) == 0 ? Part(0.1) : null),
            Place.Validation => new(place, _random.Next(1, 31), Part(0.002)),
            // A file is made, written in pieces and renamed: each is a change.
            _ => new(place, Geometric(), _random.Next(2) == 0 ? TimeSpan.Zero : Part(0.003)),
        };
    }

    TimeSpan Part(double seconds) => TimeSpan.FromSeconds(_random.NextDouble() * seconds);

    int Geometric()
    {
        var count = 1;
        while (_random.Next(2) == 0) count++;
        return count;
    }
}
