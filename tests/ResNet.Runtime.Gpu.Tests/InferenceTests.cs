using ResNet.Reference;

namespace ResNet.Runtime.Gpu.Tests;

/// <summary>
/// What a device infers is what the layer tree, executed literally in double precision, yields, and what the CPU does.
/// </summary>
public class InferenceTests
{
    public static IEnumerable<string> Names => Nets.Names;

    [Theory, OnDevice("interpreter"), OnDevice("OpenCL", nameof(Names)), OnDevice("CUDA", nameof(Names))]
    public void LogitsAndTapsAgree(string device, string network = "Tiny")
    {
        const int batch = 3;
        using var net = Nets.Create(network, TestDevices.Open(device));
        using var cpu = new CpuDevice(convolution: ConvolutionAlgorithm.Direct);
        using var onCpu = Nets.Create(network, cpu);
        var images = Nets.Images(net, batch);

        var expected = new ReferenceInterpreter(net.Parameters).Infer(images.Data);
        var logits = net.Predict(images);

        Nets.AssertClose(expected.Output, logits.Data, 1e-5, "logits");
        Nets.AssertClose(Nets.Doubles(onCpu.Predict(images).Data), logits.Data, 2e-5, "logits of the CPU");
        var features = net.Features(images);
        Assert.Equal(expected.Taps.Keys.Order(), features.Keys.Order());
        foreach (var (tap, values) in expected.Taps) Nets.AssertClose(values, features[tap].Data, 1e-5, tap);
        // A smaller batch finds the remains of the larger one in every buffer.
        var first = new Tensor(images[0].ToArray(), [1, .. images.Shape[1..]]);
        Nets.AssertClose(Nets.Doubles(logits[0]), net.Predict(first).Data, 1e-6, "logits of one image");
    }
}
