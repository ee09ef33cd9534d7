namespace ResNet.Runtime.Communication;

/// <summary>A call that all ranks make together.</summary>
/// <param name="Kind">The operation.</param>
/// <param name="Count">Number of values.</param>
/// <param name="Unit">Type of the values.</param>
/// <param name="Purpose">The purpose, for messages.</param>
readonly record struct Collective(string Kind, int Count, string Unit, string Purpose)
{
    public override string ToString() => $"{Kind} {Count} {Unit} ({Purpose})";
}
