namespace ResNet.Experiments;

/// <summary>The state of a reproduction.</summary>
/// <param name="Done">Seconds of training that are done, as estimated; earlier commands' included.</param>
/// <param name="Total">Seconds of all training, as estimated.</param>
/// <param name="Text">The present activity; empty if it is the same as before.</param>
/// <param name="Line">A line that stays; null for none.</param>
public readonly record struct ReproductionProgress(double Done, double Total, string Text, string? Line = null);
