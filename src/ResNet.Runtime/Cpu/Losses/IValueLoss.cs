namespace ResNet.Runtime.Cpu.Losses;

/// <summary>A loss that each value has by itself.</summary>
interface IValueLoss
{
    /// <summary>The loss of a value and its slope.</summary>
    /// <param name="x">The value.</param>
    /// <param name="t">Its target.</param>
    (double Loss, double Slope) Of(double x, double t);
}

/// <inheritdoc cref="SigmoidCrossEntropy"/>
readonly struct SigmoidLoss : IValueLoss
{
    public (double Loss, double Slope) Of(double x, double t)
    {
        // Never overflows: at most 1.
        var exp = Math.Exp(-Math.Abs(x));
        return (Math.Max(x, 0) - x * t + Math.Log(1 + exp), (x < 0 ? exp : 1) / (1 + exp) - t);
    }
}

/// <inheritdoc cref="SmoothL1"/>
readonly struct SmoothL1Loss(double beta) : IValueLoss
{
    public (double Loss, double Slope) Of(double x, double t)
    {
        var d = x - t;
        if (double.IsNaN(d)) return (d, d);
        return Math.Abs(d) < beta ? (d * d / (2 * beta), d / beta) : (Math.Abs(d) - beta / 2, Math.Sign(d));
    }
}

/// <inheritdoc cref="SuppliedGradient"/>
readonly struct SuppliedSlope : IValueLoss
{
    public (double Loss, double Slope) Of(double x, double t) => (0, t);
}
