namespace ResNet.Runtime;

/// <summary>The results of a training step beside the gradients.</summary>
/// <param name="Loss">The losses of all outputs, added up by their <see cref="Runtime.Loss.Weight"/>.</param>
/// <param name="Correct">
/// Images whose greatest logit was that of their class or, where each class has a target, that of the greatest target; of equal ones the first counts.
/// Null unless the network's primary output is a vector with cross-entropy. Of softmax cross-entropy, images without weight do not count.
/// </param>
public readonly record struct StepResult(double Loss, int? Correct);
