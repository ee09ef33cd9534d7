namespace ResNet.Runtime.Communication;

/// <summary>A call that all ranks make together.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Count">With how many values.</param>
/// <param name="Unit">Of which type.</param>
/// <param name="Purpose">What for.</param>
readonly record struct Collective(string Kind, int Count, string Unit, string Purpose)
{
    public override string ToString() => $"{Kind} {Count} {Unit} ({Purpose})";
}
