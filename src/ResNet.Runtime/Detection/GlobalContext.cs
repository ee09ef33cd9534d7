namespace ResNet.Runtime.Detection;

/// <summary>The part of a head's outputs that the whole picture gives to each of its regions (He et al. 2015, Appendix B, "Global context").</summary>
static class GlobalContext
{
    /// <summary>Adds the picture's part to each row.</summary>
    /// <param name="rows">regions × values.</param>
    /// <param name="context">The values of the whole picture.</param>
    public static void AddTo(Span<float> rows, ReadOnlySpan<float> context)
    {
        for (var i = 0; i < rows.Length; i++) rows[i] += context[i % context.Length];
    }
}
