namespace ResNet.Peers.Contenders;

/// <summary>One program's way to do the work that is compared.</summary>
interface IContender : IDisposable
{
    /// <summary>The program.</summary>
    string Program { get; }

    /// <summary>Which of several ways the program has; empty where it has one. The fastest counts.</summary>
    string Variant { get; }

    /// <summary>Does the work once.</summary>
    void Run();

    /// <summary>The result of the last run, by which the programs are checked against each other: the logits, or a training step's loss.</summary>
    float[] Result { get; }
}
