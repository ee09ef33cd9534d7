using ResNet.Onnx;

namespace ResNet.Fuzz.Formats;

/// <summary>ONNX models.</summary>
static class OnnxModels
{
    public static Format Onnx { get; } = new("onnx", Read, OnnxSeeds, typeof(OnnxException))
    {
        Words = ["Conv", "Relu", "Add", "Gemm", "MatMul", "Reshape", "Flatten", "GlobalAveragePool", "MaxPool", "BatchNormalization", "Pad", "Slice", "Constant", "Identity", "pads", "strides", "group", "dilations"],
    };

    static void Read(byte[] content, string folder)
    {
        using var stream = new MemoryStream(content);
        Network.FromOnnx(stream).Dispose();
    }

    static IEnumerable<byte[]> OnnxSeeds()
    {
        using var network = Small.Network();
        using var stream = new MemoryStream();
        network.SaveOnnx(stream);
        return [stream.ToArray()];
    }
}
