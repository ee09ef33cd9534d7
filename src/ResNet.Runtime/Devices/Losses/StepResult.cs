namespace ResNet.Runtime;

/// <summary>What a training step yields beside the gradients.</summary>
/// <param name="Loss">The losses of all outputs, added up by their <see cref="Runtime.Loss.Weight"/>.</param>
/// <param name="Correct">
/// Images with weight whose greatest logit was that of their class; null unless the network's primary output is a vector with
/// softmax cross-entropy.
/// </param>
public readonly record struct StepResult(double Loss, int? Correct);
