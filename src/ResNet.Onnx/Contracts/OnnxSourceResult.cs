using ResNet.Dsl;

namespace ResNet.Onnx;

/// <summary>Files that were written for an ONNX model.</summary>
/// <param name="SourcePath">The class.</param>
/// <param name="WeightsPath">Its weights, as safetensors.</param>
/// <param name="ClassName">Name of the class.</param>
/// <param name="Definition">The network that the class declares.</param>
public sealed record OnnxSourceResult(string SourcePath, string WeightsPath, string ClassName, NetworkDefinition Definition);
