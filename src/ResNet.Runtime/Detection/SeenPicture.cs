namespace ResNet.Runtime.Detection;

/// <summary>What a detector, or an ensemble, has computed of a picture at one size.</summary>
/// <param name="Features">The trunks' outputs, which this owns.</param>
/// <param name="Regions">The regions that were proposed.</param>
/// <param name="RunHead">Computes logits and corrections of regions.</param>
sealed record SeenPicture(IReadOnlyList<TrunkOutputs> Features, Box[] Regions, Func<Box[], (float[] Logits, float[] Deltas)> RunHead) : IDisposable
{
    /// <summary>Frees the trunks' outputs.</summary>
    public void Dispose()
    {
        foreach (var outputs in Features) outputs.Dispose();
    }
}
