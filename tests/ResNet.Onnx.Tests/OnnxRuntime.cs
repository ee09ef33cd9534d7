using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ResNet.Runtime;
using Tensor = ResNet.Runtime.Tensor;

namespace ResNet.Onnx.Tests;

/// <summary>Runs what was written in ONNX Runtime.</summary>
static class OnnxRuntime
{
    /// <summary>Writes a network and opens it.</summary>
    public static InferenceSession Open(Network network, OnnxOptions? options = null)
    {
        using var stream = new MemoryStream();
        network.SaveOnnx(stream, options);
        using var settings = new SessionOptions { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        return new(stream.ToArray(), settings);
    }

    /// <summary>Computes all outputs.</summary>
    public static Dictionary<string, float[]> Run(InferenceSession session, Tensor images)
    {
        var input = NamedOnnxValue.CreateFromTensor("input", new DenseTensor<float>(images.Data.ToArray(), images.Shape.ToArray()));
        using var results = session.Run([input]);
        return results.ToDictionary(result => result.Name, result => result.AsTensor<float>().ToArray());
    }

    /// <summary>Images whose values are between -1 and 1.</summary>
    public static Tensor Images(Network network, int count)
    {
        var input = network.Definition.Input;
        var images = new Tensor(count, input.Channels, input.Height, input.Width);
        for (var i = 0; i < images.Data.Length; i++) images.Data[i] = (float)Math.Sin(i * 0.37 + i / 97);
        return images;
    }
}
