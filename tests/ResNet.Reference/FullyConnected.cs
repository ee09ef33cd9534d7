using ResNet.Dsl;

namespace ResNet.Reference;

/// <summary>A dense layer, y = Wx + b, and its gradients.</summary>
sealed class FullyConnected(double[] weight, double[]? bias)
{
    public Values Forward(Values x, Shape output)
    {
        var y = new Values(x.Batch, output);
        ForEachWeight(x, y, (w, i, o) => y.Data[o] += weight[w] * x[i]);
        return bias is null ? y : y.Map((o, unit) => y[o] + bias[unit]);
    }

    public Values InputGradient(Values x, Values dy)
    {
        var dx = new Values(x.Batch, x.Shape);
        ForEachWeight(x, dy, (w, i, o) => dx.Data[i] += weight[w] * dy[o]);
        return dx;
    }

    public double[] WeightGradient(Values x, Values dy)
    {
        var gradient = new double[weight.Length];
        ForEachWeight(x, dy, (w, i, o) => gradient[w] += dy[o] * x[i]);
        return gradient;
    }

    /// <summary>Visits each weight with the input and the output that it connects.</summary>
    static void ForEachWeight(Values x, Values y, Action<int, int, int> visit)
    {
        var (inputs, units) = (x.Shape.Channels, y.Shape.Channels);
        for (var image = 0; image < x.Batch; image++)
            for (var unit = 0; unit < units; unit++)
                for (var input = 0; input < inputs; input++)
                    visit(unit * inputs + input, image * inputs + input, image * units + unit);
    }
}
