namespace ResNet.Dsl;

/// <summary>One layer of the unrolled network.</summary>
/// <param name="Index">Position in the order of execution; generated code names layers by it.</param>
/// <param name="Layer">The layer; never a container.</param>
/// <param name="Name">Full name, scopes joined by dots.</param>
/// <param name="Input">Shape of its input per image.</param>
/// <param name="Output">Shape of its output per image.</param>
/// <param name="Parameters">Its parameter tensors.</param>
/// <param name="MultiplyAdds">Multiply-adds per image, as the papers count them: of convolutions and dense layers.</param>
public sealed record LayerInstance(int Index, Layer Layer, string Name, Shape Input, Shape Output, EquatableArray<ParameterInfo> Parameters, long MultiplyAdds);
