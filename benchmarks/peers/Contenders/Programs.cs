namespace ResNet.Peers.Contenders;

/// <summary>The programs' names.</summary>
static class Programs
{
    public const string Own = "ResNet.Dsl", OnnxRuntime = "ONNX Runtime", TorchSharp = "TorchSharp";
}
