namespace ResNet.Runtime.Detection.Losses;

/// <summary>The two losses of a region proposal network or of a detection head.</summary>
/// <param name="Scores">The loss of objectness or classes.</param>
/// <param name="Boxes">The loss of deltas.</param>
readonly record struct SampleLoss(double Scores, double Boxes);
