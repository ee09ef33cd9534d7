namespace ResNet.Runtime;

/// <summary>The options of a <see cref="Detector"/> that searches for objects.</summary>
public sealed record DetectionOptions
{
    /// <summary>The size at which a picture is looked at.</summary>
    public DetectionSize Size { get; init; } = new();

    /// <summary>Further sizes at which each picture is searched; the boxes of all sizes are joined (He et al. 2015, Appendix B, "Multi-scale testing").</summary>
    public IReadOnlyList<DetectionSize> MoreSizes { get; init; } = [];

    /// <summary>Which anchors become regions. The paper's numbers for testing by default.</summary>
    public ProposalOptions Proposals { get; init; } = ProposalOptions.Testing;

    /// <summary>A box with at most this probability of its class is none.</summary>
    public double ScoreThreshold { get; init; } = 0.05;

    /// <summary>Least side of a box within the picture, in pixels of the network's input.</summary>
    public double LeastSide { get; init; } = 0.01;

    /// <summary>Intersection over union above which the lesser box of the same class goes.</summary>
    public double Overlap { get; init; } = 0.3;

    /// <summary>The greatest number of objects of a picture, of all classes together.</summary>
    public int Most { get; init; } = 100;

    /// <summary>
    /// Whether the corrected regions are classified once more, and both passes' boxes are joined (He et al. 2015, Appendix B, "Box refinement"). The head
    /// then computes twice as many regions.
    /// </summary>
    public bool RefineBoxes { get; init; }

    /// <summary>
    /// Whether the region proposal network's boxes are the result, without the head: for a detector with proposals for each class
    /// (He et al. 2015, Appendix C).
    /// </summary>
    public bool ProposalsAlone { get; init; }

    /// <summary>Whether a box that stays is replaced by the mean of those around it, weighted by their scores ("Box refinement", voting).</summary>
    public bool VoteBoxes { get; init; }
}
