namespace ResNet.Runtime.Reference;

/// <summary>The mean over the batch of -log softmax(logits)[label].</summary>
static class SoftmaxCrossEntropy
{
    /// <summary>The loss and its gradient by the logits.</summary>
    public static (double Loss, Values Gradient) Evaluate(Values logits, ReadOnlySpan<int> labels)
    {
        var gradient = new Values(logits.Batch, logits.Shape);
        var classes = logits.Shape.Channels;
        var loss = 0.0;
        for (var image = 0; image < logits.Batch; image++)
        {
            var scores = logits.Data.AsSpan(image * classes, classes);
            // Shifting all scores changes nothing but keeps the exponentials finite.
            var greatest = double.NegativeInfinity;
            foreach (var score in scores) greatest = Math.Max(greatest, score);
            var sum = 0.0;
            foreach (var score in scores) sum += Math.Exp(score - greatest);
            var label = labels[image];
            loss += (Math.Log(sum) + greatest - scores[label]) / logits.Batch;
            for (var c = 0; c < classes; c++)
                gradient.Data[image * classes + c] = (Math.Exp(scores[c] - greatest) / sum - (c == label ? 1 : 0)) / logits.Batch;
        }
        return (loss, gradient);
    }
}
