namespace ResNet.Runtime;

/// <summary>What one step of training measured.</summary>
/// <param name="Loss">Softmax cross-entropy, the mean over the batch.</param>
/// <param name="Correct">Images of the batch whose greatest logit is their class's.</param>
public readonly record struct StepResult(double Loss, int Correct);
