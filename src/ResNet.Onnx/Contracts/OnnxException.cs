namespace ResNet.Onnx;

/// <summary>An ONNX model cannot be made a network: the message names the file, the node and its operator, and what is expected.</summary>
public sealed class OnnxException : Exception
{
    internal OnnxException(string file, string problem, string? node = null, Exception? inner = null)
        : base(node is null ? $"{file}: {problem}" : $"{file}: {node}: {problem}", inner) => (File, Node) = (file, node);

    /// <summary>The file's path.</summary>
    public string File { get; }

    /// <summary>The node and its operator, as <c>Conv "layer1.0.conv1"</c>; null where the model as a whole is wrong.</summary>
    public string? Node { get; }
}
