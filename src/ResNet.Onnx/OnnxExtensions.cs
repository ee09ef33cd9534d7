using Google.Protobuf;
using ResNet.Onnx.Exporting;
using ResNet.Runtime;

namespace ResNet.Onnx;

/// <summary>Networks as ONNX models.</summary>
public static class OnnxExtensions
{
    /// <summary>
    /// Writes a network as an ONNX model, for inference: the input <c>input</c>, batch × channels × height × width, normalized; an output for each of the
    /// network's, under its name, batch × classes for a vector. Weights keep their names. Names of classes and preprocessing stand in the metadata, as
    /// <c>labels</c>, a line each, and <c>preprocessing</c>, in JSON. An existing file is replaced at the end.
    /// </summary>
    /// <param name="network">The network, its weights loaded.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">Batch and operator set; the defaults where null.</param>
    /// <exception cref="NotSupportedException">The model would be larger than the 2 GiB that the format allows.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void SaveOnnx(this Network network, string path, OnnxOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                SaveOnnx(network, stream, options);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Writes a network as an ONNX model to a stream, which stays open.</summary>
    /// <inheritdoc cref="SaveOnnx(Network, string, OnnxOptions?)"/>
    /// <param name="stream">Receives the bytes.</param>
    public static void SaveOnnx(this Network network, Stream stream, OnnxOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(stream);
        ModelBuilder.Build(network, options ?? OnnxOptions.Default).WriteTo(stream);
    }
}
