namespace ResNet.Experiments.Budgets;

/// <summary>The effort of an experiment: a time for everything, a number of epochs for each run, or the paper's own schedule.</summary>
public sealed record Effort
{
    Effort()
    {
    }

    /// <summary>The time for all runs together; null if it is not limited.</summary>
    public TimeSpan? Budget { get; private init; }

    /// <summary>The epochs of each run; null if they follow from the budget or the paper.</summary>
    public int? Epochs { get; private init; }

    /// <summary>The paper's recipe and schedule.</summary>
    public static Effort Full { get; } = new();

    /// <summary>As much as fits into a time.</summary>
    public static Effort Within(TimeSpan budget)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(budget, TimeSpan.Zero);
        return new() { Budget = budget };
    }

    /// <summary>So many passes over all training images.</summary>
    public static Effort For(int epochs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        return new() { Epochs = epochs };
    }

    /// <summary>The option of the command line that stands for it.</summary>
    public override string ToString() =>
        Budget is { } budget ? $"--budget {Duration.Format(budget)}" : Epochs is { } epochs ? FormattableString.Invariant($"--epochs {epochs}") : "--full";
}
