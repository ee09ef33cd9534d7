using System.Collections.Immutable;
using ResNet.Tests;

namespace ResNet.Runtime.Tests.Formats;

public class WeightFileTests
{
    [SharedDataFact]
    public void The_published_legacy_file_and_its_safetensors_twin_are_the_same()
    {
        using var torch = WeightFile.Open(SharedData.File("cifar10", "resnet20-12fca82f.th"));
        using var safe = WeightFile.Open(SharedData.File("cifar10", "resnet20.safetensors"));
        Assert.All(torch.Tensors, tensor => Assert.StartsWith("module.", tensor.Name, StringComparison.Ordinal));
        Assert.Equal(safe.StateDict.Keys.Order(StringComparer.Ordinal), torch.StateDict.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, tensor) in safe.StateDict)
        {
            Assert.Equal(tensor.Shape.AsEnumerable(), torch.StateDict[name].Shape);
            Assert.Equal(tensor.ToArray(), torch.StateDict[name].ToArray());
        }
        Assert.Equal(269_722, torch.StateDict.Where(t => !t.Key.Contains("running", StringComparison.Ordinal)).Sum(t => t.Value.Length));
    }

    [SharedDataFact]
    public void Reads_the_other_published_files()
    {
        using var resnet32 = WeightFile.Open(SharedData.File("cifar10", "resnet32-d509ac18.th"));
        Assert.Equal(464_154, resnet32.StateDict.Where(t => !t.Key.Contains("running", StringComparison.Ordinal)).Sum(t => t.Value.Length));
        using var resnet18 = WeightFile.Open(SharedData.File("imagenet", "resnet18.safetensors"));
        Assert.Equal(11_689_512, resnet18.StateDict.Where(t => !t.Key.Contains("running", StringComparison.Ordinal)).Sum(t => t.Value.Length));
        Assert.Equal([64, 3, 7, 7], resnet18["conv1.weight"].Shape.ToArray());
        using var gradients = WeightFile.Open(SharedData.File("cifar10", "resnet20_train_ref.safetensors"));
        Assert.NotEmpty(gradients.Metadata);
        Assert.Equal([16, 3, 3, 3], gradients["grad.conv1.weight"].Shape.ToArray());
    }

    [Fact]
    public void Says_why_a_path_is_no_weights_file()
    {
        using var folder = new TemporaryFolder();
        Check(folder.File("absent.pth"), "no such file");
        Check(folder.File("absent/absent.pth"), "no such file");
        Check(folder.Path, "the folder holds no weights");
        Check(folder.Write("empty.pth", []), "empty");
        Check(folder.Write("photo.pth", [0xff, 0xd8, 0xff, 0xe0, 0, 16, (byte)'J', (byte)'F', (byte)'I', (byte)'F', 0]), "FFD8FFE000104A46");
        Check(folder.Write("page.pth", "<!doctype html><html>"u8), "an HTML page");
        Check(folder.Write("pointer.pth", "version https://git-lfs.github.com/spec/v1\n"u8), "git lfs pull");
        Check(folder.Write("model.h5", [0x89, (byte)'H', (byte)'D', (byte)'F', 13, 10, 26, 10]), "HDF5");
        Check(folder.Write("one.pth", [0x80]), "begins with 80");
        Check(folder.Write("zip.pth", "PK\x03\x04"u8), "directory is missing");

        static void Check(string path, string problem)
        {
            var error = Assert.Throws<WeightsException>(() => WeightFile.Open(path));
            Assert.Contains(problem, error.Message, StringComparison.Ordinal);
            Assert.Equal(path, error.File);
        }
    }

    [Theory]
    [InlineData("zip.pth")]
    [InlineData("legacy.pth")]
    public void Refuses_a_file_cut_anywhere(string name)
    {
        using var folder = new TemporaryFolder();
        var bytes = File.ReadAllBytes(TorchFiles.Path(name));
        for (var length = 0; length < bytes.Length; length += 7)
            Assert.Throws<WeightsException>(() => WeightFile.Open(folder.Write("cut", bytes.AsSpan(0, length))));
    }

    [Fact]
    public void A_closed_file_is_read_no_more()
    {
        var file = WeightFile.Open(TorchFiles.Path("zip.pth"));
        var tensor = file["float"];
        file.Dispose();
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => tensor.ToArray());
    }

    [Fact]
    public void A_tensor_outlives_its_file_object()
    {
        var tensor = Tensor();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal(-1, tensor.ToArray()[0]);

        static WeightTensor Tensor() => WeightFile.Open(TorchFiles.Path("zip.pth"))["float"];
    }

    [Theory]
    [InlineData("I64", new byte[] { 1, 0, 0, 1, 0, 0, 0, 0 }, "16777217")]
    [InlineData("I64", new byte[] { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f }, "9223372036854775807")]
    [InlineData("I32", new byte[] { 1, 0, 0, 1 }, "16777217")]
    [InlineData("F64", new byte[] { 0, 0, 0, 0, 0, 0, 0, 0x7f }, "cannot be represented")]
    public void Refuses_to_round_a_count_or_to_overflow(string type, byte[] bytes, string problem)
    {
        using var folder = new TemporaryFolder();
        var header = $$$"""{"w":{"dtype":"{{{type}}}","shape":[],"data_offsets":[0,{{{bytes.Length}}}]}}""";
        using var file = WeightFile.Open(folder.Write("a", SafeTensorsTests.File(header, bytes)));
        var error = Assert.Throws<WeightsException>(() => file["w"].ToArray());
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Equal("w", error.Tensor);
    }

    [Fact]
    public void A_tensor_in_memory_has_as_many_numbers_as_its_shape_says()
    {
        Assert.Equal(6, new WeightTensor("w", [2, 3], new float[6]).Length);
        Assert.Throws<ArgumentException>(() => new WeightTensor("w", [2, 3], new float[5]));
        Assert.Throws<ArgumentException>(() => new WeightTensor("w", [-2, -3], new float[6]));
        Assert.Throws<ArgumentException>(() => new WeightTensor("w", default(ImmutableArray<int>), new float[6]));
        Assert.Throws<ArgumentException>(() => new WeightTensor("w", [2], new float[2]).CopyTo(new float[3]));
    }
}
