using Google.Protobuf;
using ResNet.Onnx.Exporting;
using ResNet.Onnx.Importing;
using ResNet.Runtime;
using ResNet.Runtime.Files;

namespace ResNet.Onnx;

/// <summary>Networks as ONNX models.</summary>
public static class OnnxExtensions
{
    extension(Network)
    {
        /// <summary>
        /// Makes a network of an ONNX model of images, planned at run time: it is classified with, trained further and saved as any other. Layers get the names of
        /// their weights where these have PyTorch's form. Nodes that change nothing (Identity, Dropout, a Softmax at the end) are left out: the output is logits.
        /// Names of classes and preprocessing come from the metadata where <see cref="SaveOnnx(Network, string, OnnxOptions?)"/> has written them.
        /// </summary>
        /// <param name="path">The file.</param>
        /// <param name="device">The device; the processor where null.</param>
        /// <exception cref="OnnxException">The file is no model, or has a node that networks cannot compute; the message names node and operator.</exception>
        /// <exception cref="IOException">The file cannot be read.</exception>
        public static Network FromOnnx(string path, Device? device = null)
        {
            ArgumentException.ThrowIfNullOrEmpty(path);
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return NetworkReader.Read(path, stream).Create(device, out _);
        }

        /// <summary>Makes a network of an ONNX model in a stream, as the other overload does of a file. The stream stays open.</summary>
        /// <param name="stream">The model, read to its end.</param>
        /// <param name="device">The device; the processor where null.</param>
        /// <param name="name">The stream's name in messages.</param>
        /// <exception cref="OnnxException">The content is no model, or has a node that networks cannot compute.</exception>
        public static Network FromOnnx(Stream stream, Device? device = null, string name = "stream")
        {
            ArgumentNullException.ThrowIfNull(stream);
            return NetworkReader.Read(name, stream).Create(device, out _);
        }
    }

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
        WholeFile.Write(path, stream => SaveOnnx(network, stream, options));
    }

    /// <summary>Writes a network as an ONNX model to a stream, which stays open, as the other overload does to a file.</summary>
    /// <param name="network">The network, its weights loaded.</param>
    /// <param name="stream">Receives the bytes.</param>
    /// <param name="options">Batch and operator set; the defaults where null.</param>
    /// <exception cref="NotSupportedException">The model would be larger than the 2 GiB that the format allows.</exception>
    public static void SaveOnnx(this Network network, Stream stream, OnnxOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(stream);
        ModelBuilder.Build(network, options ?? OnnxOptions.Default).WriteTo(stream);
    }
}
