namespace ResNet.Reliability.Kills;

/// <summary>Parts of a run in which a process can be killed, as an observer of its files tells them apart.</summary>
enum Place
{
    /// <summary>Before anything is written.</summary>
    Start,

    /// <summary>While <c>run.json</c> is written.</summary>
    Settings,

    /// <summary>While steps are made.</summary>
    Steps,

    /// <summary>While validation reads its images.</summary>
    Validation,

    /// <summary>While <c>best.safetensors</c> is written.</summary>
    Best,

    /// <summary>While the weights of one of the best epochs are written or removed.</summary>
    BestEpochs,

    /// <summary>While <c>steps.csv</c> or <c>epochs.csv</c> is opened or written.</summary>
    Csv,

    /// <summary>While a file of TensorBoard's is made or written.</summary>
    TensorBoard,

    /// <summary>While <c>last.safetensors</c> is written.</summary>
    Checkpoint,

    /// <summary>While the curve or the report is written.</summary>
    Report,
}

/// <summary>The names of places, in files and in words.</summary>
static class Places
{
    /// <summary>The place of a change in a run's folder or in the validation's; null for a change that shows none.</summary>
    public static Place? Of(FileEvent change) => change switch
    {
        { InRun: false } => Place.Validation,
        { Name: var name } when name.StartsWith("run.json", StringComparison.Ordinal) => Place.Settings,
        { Name: var name } when name.StartsWith("best.", StringComparison.Ordinal) => Place.Best,
        { Name: var name } when name.StartsWith("best-epoch-", StringComparison.Ordinal) => Place.BestEpochs,
        { Name: var name } when name.StartsWith("steps.csv", StringComparison.Ordinal) || name.StartsWith("epochs.csv", StringComparison.Ordinal) => Place.Csv,
        { Name: var name } when name.StartsWith("events.", StringComparison.Ordinal) => Place.TensorBoard,
        { Name: var name } when name.StartsWith("last.", StringComparison.Ordinal) => Place.Checkpoint,
        { Name: var name } when name.StartsWith("curve.", StringComparison.Ordinal) || name.StartsWith("report.", StringComparison.Ordinal) => Place.Report,
        _ => null,
    };

    public static string Text(Place place) => place switch
    {
        Place.Start => "start, before anything is written",
        Place.Settings => "run.json",
        Place.Steps => "steps",
        Place.Validation => "validation",
        Place.Best => "best.safetensors",
        Place.BestEpochs => "best-epoch-N.safetensors",
        Place.Csv => "steps.csv, epochs.csv",
        Place.TensorBoard => "TensorBoard's events",
        Place.Checkpoint => "last.safetensors (checkpoint)",
        Place.Report => "curve.svg, report.html",
        _ => throw new ArgumentOutOfRangeException(nameof(place)),
    };
}
