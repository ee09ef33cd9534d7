namespace ResNet.Runtime;

/// <summary>The account of what <see cref="WeightConversion.Convert"/> has written.</summary>
/// <param name="Tensors">Tensors in the output.</param>
/// <param name="LeftOut">Tensors of the input that are no weights, but the state of a training run.</param>
/// <param name="NamesOf">The library whose names the input had; null where names stay as they are.</param>
public sealed record WeightConversionResult(int Tensors, int LeftOut, string? NamesOf);
