using ResNet.Dsl;

namespace ResNet.Runtime.Devices;

/// <summary>A loss at its output, and where its targets lie among those of all losses.</summary>
/// <param name="Output">Number of the output in <see cref="NetworkDefinition.Outputs"/>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its shape per image.</param>
/// <param name="Loss">The loss.</param>
/// <param name="LabelStart">Labels per image of the losses before it.</param>
/// <param name="ValueStart">Target values per image of the losses before it.</param>
/// <param name="WeightStart">Weights per image of the losses before it.</param>
sealed record AttachedLoss(int Output, string Name, Shape Shape, Loss Loss, int LabelStart, int ValueStart, int WeightStart)
{
    /// <summary>Weights per image: one for each label, target value or vector of probabilities.</summary>
    public int Places { get; } = checked((int)(Loss is SoftmaxCrossEntropy ? (long)Shape.Height * Shape.Width : Shape.Elements));

    /// <summary>Labels per image.</summary>
    public int Labels => Loss is SoftmaxCrossEntropy { Probabilities: false } ? Places : 0;

    /// <summary>Target values per image.</summary>
    public int Values { get; } = Loss is SoftmaxCrossEntropy { Probabilities: false } ? 0 : checked((int)Shape.Elements);

    /// <summary>Whether it is a classification of whole images, of which right guesses can be counted.</summary>
    public bool Classifies => Loss is SoftmaxCrossEntropy or SigmoidCrossEntropy && Shape.IsVector;
}

/// <summary>The value of a loss after a step.</summary>
/// <param name="Loss">The loss, before its <see cref="Runtime.Loss.Weight"/>.</param>
/// <param name="Correct">If the loss <see cref="AttachedLoss.Classifies"/>, the number of images with weight whose greatest logit was that of their class, or of their greatest target.</param>
readonly record struct LossResult(double Loss, int Correct);
