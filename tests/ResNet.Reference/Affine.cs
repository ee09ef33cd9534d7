namespace ResNet.Reference;

/// <summary>A factor and a shift per channel.</summary>
static class Affine
{
    /// <summary>y = factor·x + shift.</summary>
    /// <param name="x">The input.</param>
    /// <param name="factor">A factor per channel.</param>
    /// <param name="shift">A summand per channel.</param>
    /// <param name="record">Receives the gradients by factor and by shift.</param>
    public static Step Apply(Values x, double[] factor, double[] shift, Action<double[], double[]> record) =>
        new(x.Map((i, c) => factor[c] * x[i] + shift[c]), dy =>
        {
            record(dy.SumPerChannel((i, _) => dy[i] * x[i]), dy.SumPerChannel((i, _) => dy[i]));
            return dy.Map((i, c) => factor[c] * dy[i]);
        });
}
