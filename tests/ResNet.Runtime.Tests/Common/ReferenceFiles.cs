using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using ResNet.Tests;

namespace ResNet.Runtime.Tests;

/// <summary>
/// Readers of the stored reference results, kept apart from the product's own so that neither can hide an error of the other.
/// </summary>
static class ReferenceFiles
{
    /// <summary>All float32 tensors of a safetensors file, and its metadata.</summary>
    public static (Dictionary<string, float[]> Tensors, Dictionary<string, string> Metadata) Safetensors(string path) => Safetensors<float>(path, "F32");

    /// <summary>All int64 tensors of a safetensors file.</summary>
    public static Dictionary<string, long[]> SafetensorsIntegers(string path) => Safetensors<long>(path, "I64").Tensors;

    static (Dictionary<string, T[]> Tensors, Dictionary<string, string> Metadata) Safetensors<T>(string path, string type) where T : struct
    {
        var bytes = File.ReadAllBytes(path);
        var header = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        var tensors = new Dictionary<string, T[]>();
        var metadata = new Dictionary<string, string>();
        using var json = JsonDocument.Parse(bytes.AsMemory(8, header));
        foreach (var entry in json.RootElement.EnumerateObject())
        {
            if (entry.Name == "__metadata__")
            {
                foreach (var item in entry.Value.EnumerateObject()) metadata[item.Name] = item.Value.GetString()!;
            }
            else if (entry.Value.GetProperty("dtype").GetString() == type)
            {
                var offsets = entry.Value.GetProperty("data_offsets");
                var (start, end) = (offsets[0].GetInt32(), offsets[1].GetInt32());
                tensors[entry.Name] = MemoryMarshal.Cast<byte, T>(bytes.AsSpan(8 + header + start, end - start)).ToArray();
            }
        }
        return (tensors, metadata);
    }

    /// <summary>The first images of a CIFAR-10 binary file, normalized as the published networks expect, and their labels.</summary>
    public static (float[] Images, int[] Labels) Cifar10(string file, int count)
    {
        const int pixels = 32 * 32, record = 1 + 3 * pixels;
        // In single precision throughout: the stored gradients feel its rounding.
        float[] mean = [0.485f, 0.456f, 0.406f], deviation = [0.229f, 0.224f, 0.225f];
        var bytes = File.ReadAllBytes(SharedData.File("cifar10", file));
        var images = new float[count * 3 * pixels];
        for (var i = 0; i < images.Length; i++)
        {
            var (image, position) = Math.DivRem(i, 3 * pixels);
            var channel = position / pixels;
            images[i] = (bytes[image * record + 1 + position] / 255f - mean[channel]) / deviation[channel];
        }
        return (images, [.. Enumerable.Range(0, count).Select(image => (int)bytes[image * record])]);
    }

    /// <summary>The published ResNet-20 for CIFAR-10.</summary>
    public static Parameters ResNet20()
    {
        var parameters = new Parameters(TestNetworks.CifarResNet(3));
        var (tensors, _) = Safetensors(SharedData.File("cifar10", "resnet20.safetensors"));
        foreach (var tensor in parameters.Tensors) tensors[tensor.Name].CopyTo(tensor.Edit());
        return parameters;
    }
}
