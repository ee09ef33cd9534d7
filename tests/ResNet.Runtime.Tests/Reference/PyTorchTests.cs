using System.Globalization;
using ResNet.Dsl;
using ResNet.Reference;
using ResNet.Tests;

namespace ResNet.Runtime.Tests.Reference;

/// <summary>The published CIFAR-10 ResNet-20, against stored results of PyTorch.</summary>
public class PyTorchTests
{
    [SharedDataFact]
    public void Logits_of_real_images_agree()
    {
        const int count = 20;
        var (images, _) = ReferenceFiles.Cifar10("test_first1000.bin", count);
        var expected = Npy.Read(SharedData.File("cifar10", "resnet20_logits_test_first1000.npy"));

        var output = new ReferenceInterpreter(ReferenceFiles.ResNet20()).Infer(images).Output;

        Assert.Equal(count * 10, output.Length);
        for (var i = 0; i < output.Length; i++) Assert.Equal(expected[i], output[i], 1e-4);
    }

    [SharedDataFact]
    public void Three_steps_of_training_agree()
    {
        var (reference, metadata) = ReferenceFiles.Safetensors(SharedData.File("cifar10", "resnet20_train_ref.safetensors"));
        var losses = metadata["losses"].Trim('[', ']').Split(',').Select(loss => double.Parse(loss, CultureInfo.InvariantCulture)).ToArray();
        const int batch = 32;
        var (images, labels) = ReferenceFiles.Cifar10("train_first4000.bin", losses.Length * batch);
        var pixels = images.Length / labels.Length;
        var interpreter = new ReferenceInterpreter(ReferenceFiles.ResNet20());
        var trained = interpreter.Network.Layers().SelectMany(layer => layer.Parameters).Where(info => info.IsTrained).Select(info => info.Name).ToArray();
        var velocity = trained.ToDictionary(name => name, name => new double[interpreter.Parameters[name].Length]);

        for (var i = 0; i < losses.Length; i++)
        {
            var step = interpreter.Train(images.AsSpan(i * batch * pixels, batch * pixels), labels.AsSpan(i * batch, batch));
            Assert.Equal(losses[i], step.Loss, 1e-7);
            if (i == 0)
            {
                foreach (var name in trained) AssertClose(reference["grad." + name], step.Gradients[name], "gradient of " + name);
                foreach (var (name, values) in reference.Where(entry => entry.Key.StartsWith("stat.", StringComparison.Ordinal)))
                    AssertClose(values, interpreter.Parameters[name["stat.".Length..]], name);
            }
            foreach (var name in trained) Descend(interpreter.Parameters[name], velocity[name], step.Gradients[name]);
        }
        foreach (var name in trained) AssertClose(reference["after3." + name], interpreter.Parameters[name], name + " after three steps");
    }

    /// <summary>Stochastic gradient descent with PyTorch's momentum and weight decay.</summary>
    static void Descend(double[] values, double[] velocity, double[] gradient)
    {
        for (var i = 0; i < values.Length; i++)
        {
            velocity[i] = 0.9 * velocity[i] + gradient[i] + 1e-4 * values[i];
            values[i] -= 0.05 * velocity[i];
        }
    }

    static void AssertClose(float[] expected, double[] actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        var allowed = 1e-6 * expected.Max(Math.Abs);
        for (var i = 0; i < expected.Length; i++)
            if (!(Math.Abs(expected[i] - actual[i]) <= allowed)) Assert.Fail($"{what}[{i}]: expected {expected[i]}, got {actual[i]}, more than {allowed} apart");
    }
}
