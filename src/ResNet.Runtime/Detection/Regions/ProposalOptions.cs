namespace ResNet.Runtime;

/// <summary>Which of the anchors become regions (Ren et al. 2015, section 3.3).</summary>
public sealed record ProposalOptions
{
    /// <summary>The paper's numbers for training: 2000 of the best 12000.</summary>
    public static ProposalOptions Training { get; } = new() { BeforeSuppression = 12000, AfterSuppression = 2000 };

    /// <summary>The paper's numbers for testing: 300 of the best 6000.</summary>
    public static ProposalOptions Testing { get; } = new() { BeforeSuppression = 6000, AfterSuppression = 300 };

    /// <summary>The number of best anchors that enter non-maximum suppression.</summary>
    public required int BeforeSuppression { get; init; }

    /// <summary>The greatest number of regions to return.</summary>
    public required int AfterSuppression { get; init; }

    /// <summary>Intersection over union above which the lesser region goes.</summary>
    public double Threshold { get; init; } = 0.7;

    /// <summary>Least side of a region within the image, in pixels.</summary>
    public double LeastSide { get; init; } = 0.001;
}
