namespace ResNet.Runtime.Cpu.Losses;

/// <summary>The targets of one loss in one step, in memory that another holds.</summary>
/// <param name="labels">The class of each position; null where the loss has none.</param>
/// <param name="values">The target of each value; null where the loss has none.</param>
/// <param name="weights">The weight of each label or value; null where all are 1.</param>
/// <param name="factor">The factor by which the loss enters the total.</param>
/// <param name="divisor">The divisor of the weighted sum.</param>
readonly unsafe struct LossTargets(int* labels, float* values, float* weights, double factor, double divisor)
{
    public int Label(int place) => labels[place];

    public float Value(int place) => values[place];

    public float Weight(int place) => weights is null ? 1 : weights[place];

    /// <summary>Returns the slope of a place's own loss as it enters the gradient of the total.</summary>
    public double Scale(double slope, float weight) => factor * weight * slope / divisor;
}
