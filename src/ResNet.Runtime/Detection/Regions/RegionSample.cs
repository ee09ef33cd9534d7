using ResNet.Runtime.Detection.Boxes;

namespace ResNet.Runtime.Detection.Regions;

/// <summary>The regions of one image that a detection head learns from.</summary>
/// <param name="Boxes">Regions.</param>
/// <param name="Labels">The column of each among the head's logits: 0 for background, 1 for the first class.</param>
/// <param name="Targets">For each region where its object lies relative to it; of no meaning for background.</param>
sealed record RegionSample(Box[] Boxes, int[] Labels, BoxDeltas[] Targets);
