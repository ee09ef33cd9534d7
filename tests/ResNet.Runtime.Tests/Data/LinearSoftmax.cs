namespace ResNet.Runtime.Tests.Data;

/// <summary>Softmax regression, trained one example at a time.</summary>
sealed class LinearSoftmax(int classes, int features)
{
    readonly float[] _weights = new float[classes * features];
    readonly float[] _scores = new float[classes];

    public int Classify(float[] example)
    {
        for (var c = 0; c < classes; c++)
        {
            var sum = 0f;
            for (var i = 0; i < features; i++) sum += _weights[c * features + i] * example[i];
            _scores[c] = sum;
        }
        return _scores.AsSpan().IndexOf(_scores.Max());
    }

    public void Learn(float[] example, int label, float rate)
    {
        Classify(example);
        var largest = _scores.Max();
        var total = _scores.Sum(score => MathF.Exp(score - largest));
        for (var c = 0; c < classes; c++)
        {
            var step = rate * (MathF.Exp(_scores[c] - largest) / total - (c == label ? 1 : 0));
            for (var i = 0; i < features; i++) _weights[c * features + i] -= step * example[i];
        }
    }
}
