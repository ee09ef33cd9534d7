using ResNet.Runtime;
using ResNet.Runtime.Data;
using ResNet.Zoo;

namespace ResNet.Tool.Tests;

/// <summary>The networks' logits against those that PyTorch computed from the same weights and images.</summary>
public class LogitTests
{
    [SharedDataTheory]
    [InlineData("cifar-resnet20", "resnet20-12fca82f.th", "resnet20_logits_test_first1000.npy")]
    [InlineData("cifar-resnet20", "resnet20.safetensors", "resnet20_logits_test_first1000.npy")]
    [InlineData("cifar-resnet32", "resnet32-d509ac18.th", "resnet32_logits_test_first1000.npy")]
    public void Of_CIFAR_images_they_agree_to_1e_4(string model, string weights, string expected)
    {
        const int count = 1000, batch = 50;
        using var network = Models.Find(model).Create();
        network.Load(SharedData.File("cifar10", weights));
        var dataset = CifarDataset.Open(SharedData.File("cifar10", "test_first1000.bin"), DatasetSplit.Test);
        var stored = Npy.Read(SharedData.File("cifar10", expected));
        Assert.Equal(count * 10, stored.Length);

        var images = new Tensor(batch, 3, 32, 32);
        for (var first = 0; first < count; first += batch)
        {
            for (var i = 0; i < batch; i++) network.Preprocessing.Apply(dataset.Load(first + i), images[i]);
            AssertClose(stored.AsSpan(first * 10, batch * 10), network.Predict(images).Data, 1e-4f);
        }
    }

    [SharedDataFact]
    public void Of_a_photo_they_agree_to_1e_4_relative()
    {
        using var network = new ResNet18();
        network.Load(SharedData.File("imagenet", "resnet18.safetensors"));
        var images = new Tensor(Npy.Read(SharedData.File("imagenet", "input_first2_preprocessed.npy")), 2, 3, 224, 224);
        // The first input is that of the first photo; of the second input no logits are stored.
        var stored = Npy.Read(SharedData.File("imagenet", "resnet18_logits.npy"))[..1000];

        AssertClose(stored, network.Predict(images)[0], 1e-4f * stored.Max(Math.Abs));
    }

    static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        var largest = 0f;
        for (var i = 0; i < expected.Length; i++) largest = Math.Max(largest, Math.Abs(expected[i] - actual[i]));
        Assert.InRange(largest, 0, tolerance);
    }
}
