using ResNet.Onnx.Importing;
using ResNet.Runtime;

namespace ResNet.Onnx.Sources;

/// <summary>Gives the origin of a class in its comment.</summary>
static class SourceDescription
{
    /// <summary>The paragraphs of the comment.</summary>
    /// <param name="read">The network.</param>
    /// <param name="network">The same network, with the contents of the weights' file.</param>
    /// <param name="weights">Name of the weights' file.</param>
    /// <param name="described">Whether the model has names of classes, and a preprocessing.</param>
    public static string[] Of(ReadNetwork read, Network network, string weights, (bool Labels, bool Preprocessing) described)
    {
        var (model, input) = (read.Graph.Model, read.Definition.Input);
        var producer = model.ProducerName.Length > 0 ? $", written by {$"{model.ProducerName} {model.ProducerVersion}".TrimEnd()}" : "";
        return
        [
            $"The network of the ONNX model {Path.GetFileName(read.File)}.",
            $"Operator set {read.Graph.Opset}{producer}. The weights are in {weights}, for Load(\"{weights}\").",
            described.Labels ? $"Names of the {network.Labels.Count} classes: the model's metadata, kept with the weights." : "The model does not name its classes.",
            described.Preprocessing
                ? "Preprocessing: the model's metadata, kept with the weights."
                : $"The model has no preprocessing; the one that is usual for images of {input.Height}×{input.Width} is kept with the weights.",
        ];
    }
}
