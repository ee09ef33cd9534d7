namespace ResNet.Runtime.Detection.Boxes;

/// <summary>A box that a network proposes.</summary>
/// <param name="Label">Index of its class, counted from 0; 0 where classes are not distinguished.</param>
/// <param name="Score">The greater, the surer.</param>
/// <param name="Box">The place, in pixels of the network's input.</param>
readonly record struct ScoredBox(int Label, double Score, Box Box);
