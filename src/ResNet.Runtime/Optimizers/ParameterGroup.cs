namespace ResNet.Runtime.Optimizers;

/// <summary>Neighbouring values of <see cref="Parameters.ReadTrained"/> that are updated alike.</summary>
/// <param name="Start">Position of the first.</param>
/// <param name="Length">Number of values.</param>
/// <param name="RateFactor">What the learning rate is multiplied by.</param>
/// <param name="WeightDecay">Weight decay.</param>
readonly record struct ParameterGroup(int Start, int Length, double RateFactor, double WeightDecay);
