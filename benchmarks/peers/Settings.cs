using ResNet.Zoo;

namespace ResNet.Peers;

/// <summary>The tasks at which the programs are compared.</summary>
enum Work
{
    /// <summary>Forward passes.</summary>
    Inference,

    /// <summary>Whole steps: forward, loss, backward, update.</summary>
    Training,
}

/// <summary>The settings of the command line.</summary>
/// <param name="Work">Inference or training.</param>
/// <param name="Networks">The networks.</param>
/// <param name="Batches">Images at a time; a comparison for each.</param>
/// <param name="Threads">Threads of each program; a comparison for each.</param>
/// <param name="Peers">Names of the programs beside this library.</param>
/// <param name="Rounds">Number of rounds.</param>
/// <param name="Seconds">Length of each program's part of a round.</param>
/// <param name="Json">File for the whole report; null for none.</param>
sealed record Settings(
    Work Work, IReadOnlyList<Model> Networks, IReadOnlyList<int> Batches, IReadOnlyList<int> Threads, IReadOnlyList<string> Peers,
    int Rounds, double Seconds, string? Json);
