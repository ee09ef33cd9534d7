namespace ResNet.Peers.Measuring;

/// <summary>The time of one program, in milliseconds for the whole batch.</summary>
/// <param name="Program">The program.</param>
/// <param name="Variant">Which of several ways the program has.</param>
/// <param name="RoundMinima">The least of each round.</param>
/// <param name="Median">The median of all runs.</param>
sealed record Timing(string Program, string Variant, IReadOnlyList<double> RoundMinima, double Median)
{
    /// <summary>The least of all runs.</summary>
    public double Minimum => RoundMinima.Min();
}
