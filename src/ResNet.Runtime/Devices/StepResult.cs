namespace ResNet.Runtime;

/// <summary>What a training step yields beside the gradients.</summary>
/// <param name="Loss">Softmax cross-entropy, averaged over the batch.</param>
/// <param name="Correct">Images whose greatest logit was that of their class.</param>
public readonly record struct StepResult(double Loss, int Correct);
