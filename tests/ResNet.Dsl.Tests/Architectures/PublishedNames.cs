using System.Buffers.Binary;
using System.Text.Json;
using ResNet.Tests;

namespace ResNet.Dsl.Tests.Architectures;

/// <summary>Parameter names and shapes against published weights: the JSON header of a safetensors file.</summary>
public class PublishedNames
{
    [SharedDataFact]
    public void ResNet_18_has_the_parameters_of_torchvisions() =>
        Assert.Equal(Published("imagenet", "resnet18.safetensors"), Declared(new ResNetAttribute { Depth = 18 }));

    [SharedDataFact]
    public void CIFAR_ResNet_20_has_the_parameters_of_its_published_weights() =>
        Assert.Equal(Published("cifar10", "resnet20.safetensors").Select(line => line.Replace("linear.", "fc.")).Order(StringComparer.Ordinal),
            Declared(new CifarResNetAttribute { Depth = 20 }));

    static IEnumerable<string> Declared(ArchitectureAttribute architecture) =>
        architecture.Define("net").Layers().SelectMany(layer => layer.Parameters)
            .Select(p => $"{p.Name} {string.Join("×", p.Shape)}").Order(StringComparer.Ordinal);

    static IEnumerable<string> Published(params string[] file)
    {
        using var stream = File.OpenRead(SharedData.File(file));
        var length = new byte[8];
        stream.ReadExactly(length);
        var header = new byte[BinaryPrimitives.ReadInt64LittleEndian(length)];
        stream.ReadExactly(header);
        using var json = JsonDocument.Parse(header);
        return [.. json.RootElement.EnumerateObject()
            .Where(tensor => tensor.Name != "__metadata__" && !tensor.Name.EndsWith(".num_batches_tracked", StringComparison.Ordinal))
            .Select(tensor => $"{tensor.Name} {string.Join("×", tensor.Value.GetProperty("shape").EnumerateArray())}")
            .Order(StringComparer.Ordinal)];
    }
}
