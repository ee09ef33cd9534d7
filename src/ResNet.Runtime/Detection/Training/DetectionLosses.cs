namespace ResNet.Runtime.Detection.Training;

/// <summary>The four losses of a two-stage detector (Ren et al. 2015, equation 1; Girshick 2015, equation 1).</summary>
/// <param name="Objectness">Of the region proposal network: whether an anchor shows an object.</param>
/// <param name="ProposalBoxes">Of the region proposal network: the correction of anchors.</param>
/// <param name="Classes">Of the head: the class of a region.</param>
/// <param name="Boxes">Of the head: the correction of regions.</param>
public readonly record struct DetectionLosses(double Objectness, double ProposalBoxes, double Classes, double Boxes)
{
    /// <summary>Their sum, which training makes small.</summary>
    public double Total => Objectness + ProposalBoxes + Classes + Boxes;

    /// <summary>Adds losses, one by one.</summary>
    /// <param name="left">Some losses.</param>
    /// <param name="right">Others.</param>
    public static DetectionLosses operator +(DetectionLosses left, DetectionLosses right) =>
        new(left.Objectness + right.Objectness, left.ProposalBoxes + right.ProposalBoxes, left.Classes + right.Classes, left.Boxes + right.Boxes);

    /// <summary>Multiplies all four.</summary>
    /// <param name="losses">The losses.</param>
    /// <param name="factor">The factor.</param>
    public static DetectionLosses operator *(DetectionLosses losses, double factor) =>
        new(losses.Objectness * factor, losses.ProposalBoxes * factor, losses.Classes * factor, losses.Boxes * factor);
}
