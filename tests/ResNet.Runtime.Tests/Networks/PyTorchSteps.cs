using System.Globalization;
using ResNet.Tests;

namespace ResNet.Runtime.Tests.Networks;

/// <summary>Three training steps of the published CIFAR-10 ResNet-20, of which PyTorch's results are stored.</summary>
static class PyTorchSteps
{
    /// <summary>Losses, the first step's gradients and statistics, and the weights after the third agree.</summary>
    public static void AssertAgree(Device device, double lossTolerance, Comparison compare)
    {
        var (reference, metadata) = ReferenceFiles.Safetensors(SharedData.File("cifar10", "resnet20_train_ref.safetensors"));
        var losses = metadata["losses"].Trim('[', ']').Split(',').Select(loss => double.Parse(loss, CultureInfo.InvariantCulture)).ToArray();
        const int batch = 32;
        var (images, labels) = ReferenceFiles.Cifar10("train_first4000.bin", losses.Length * batch);
        var pixels = images.Length / labels.Length;
        using var net = new Cifar20(device);
        var weights = ReferenceFiles.ResNet20();
        weights.ReadTrained().CopyTo(net.Parameters.EditTrained());
        weights.ReadStatistics().CopyTo(net.Parameters.EditStatistics());
        using var session = net.CreateTrainingSession();
        // The file names the head as its network does; the tensors come in the same order.
        var names = net.Parameters.Tensors.Zip(weights.Tensors, (tensor, stored) => (Tensor: tensor, stored.Name)).ToList();
        var velocity = new double[net.Parameters.ReadTrained().Length];

        for (var i = 0; i < losses.Length; i++)
        {
            var result = session.Run(images.AsSpan(i * batch * pixels, batch * pixels), labels.AsSpan(i * batch, batch));
            Assert.Equal(losses[i], result.Loss, lossTolerance * losses[i]);
            if (i == 0)
                foreach (var (tensor, name) in names)
                    if (tensor.Info.IsTrained)
                        compare(reference["grad." + name], session.ReadGradients().Slice(tensor.Offset, tensor.Length), "gradient of " + name);
                    else
                        compare(reference["stat." + name], tensor.Read(), name);
            Descend(net.Parameters.EditTrained(), velocity, session.ReadGradients());
        }
        foreach (var (tensor, name) in names)
            if (tensor.Info.IsTrained) compare(reference["after3." + name], tensor.Read(), name + " after three steps");
    }

    /// <summary>Stochastic gradient descent with PyTorch's momentum and weight decay.</summary>
    static void Descend(Span<float> values, double[] velocity, ReadOnlySpan<float> gradient)
    {
        for (var i = 0; i < values.Length; i++)
        {
            velocity[i] = 0.9 * velocity[i] + gradient[i] + 1e-4 * values[i];
            values[i] -= (float)(0.05 * velocity[i]);
        }
    }

    public delegate void Comparison(float[] expected, ReadOnlySpan<float> actual, string what);

    /// <summary>The greatest error is little, as a part of the largest value.</summary>
    public static void AssertClose(float[] expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        var allowed = 1e-4 * expected.Max(Math.Abs);
        for (var i = 0; i < expected.Length; i++)
            if (!(Math.Abs(expected[i] - actual[i]) <= allowed)) Assert.Fail($"{what}[{i}]: expected {expected[i]}, got {actual[i]}, more than {allowed} apart");
    }
}
