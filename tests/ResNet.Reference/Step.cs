namespace ResNet.Reference;

/// <summary>Turns the gradient of the loss by a layer's output into that by its input, and records those by its parameters.</summary>
delegate Values Reverse(Values outputGradient);

/// <summary>The result of executing a layer: its output, and the way back through it.</summary>
readonly record struct Step(Values Output, Reverse Reverse);
