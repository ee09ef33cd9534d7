using System.Diagnostics;
using ResNet.Runtime.Weights;
using ResNet.Runtime.Weights.Files;
using ResNet.Runtime.Weights.PyTorch;
using ResNet.Runtime.Weights.Python;

namespace ResNet.Runtime.Tests.Formats;

/// <summary>Mutated files are read, or refused with a <see cref="WeightsException"/>: nothing else, and in bounded memory.</summary>
public class FuzzTests
{
    const int Files = 2000;

    /// <summary>Files of some 5 KB take 75 KB at most. A length that is believed before it is checked takes more.</summary>
    const long MaxBytesPerFile = 1 << 20;

    [Theory]
    [InlineData("zip.pth")]
    [InlineData("legacy.pth")]
    [InlineData("checkpoint.pth")]
    [InlineData("zip-protocol4.pth")]
    public void PyTorch(string name) => Run(File.ReadAllBytes(TorchFiles.Path(name)), ReadAll);

    [Fact]
    public void SafeTensors()
    {
        using var folder = new TemporaryFolder();
        using (var source = WeightFile.Open(TorchFiles.Path("zip.pth")))
            WeightFile.Save(folder.File("a"), source.Tensors, new Dictionary<string, string> { ["epoch"] = "3" });
        Run(File.ReadAllBytes(folder.File("a")), ReadAll);
    }

    /// <summary>Without the archive around it, every mutation hits the pickle.</summary>
    [Theory]
    [InlineData("zip.pth")]
    [InlineData("zip-protocol4.pth")]
    [InlineData("module.pth")]
    public void Pickles(string name)
    {
        using var file = MappedFile.Open(TorchFiles.Path(name));
        var entry = StoredZip.Read(file).First(e => e.Key.EndsWith("/data.pkl", StringComparison.Ordinal)).Value;
        Run(file.Slice(entry.Offset, entry.Length).ToArray(), path =>
        {
            using var pickle = MappedFile.Open(path);
            var root = new PickleReader(new TorchPickle(pickle, id => TorchCheckpoint.Storage(id, out _)), pickle.Slice(0, pickle.Length)).Read();
            foreach (var tensor in TorchCheckpoint.Tensors(pickle, root))
                Read(tensor);
        });
    }

    /// <summary>Objects of foreign classes, and dictionaries in dictionaries.</summary>
    [Fact]
    public void Checkpoints()
    {
        var args = "cargparse\nNamespace\nq\u0001)\x81}q\u0002" + TorchFiles.Text("lr") + "K\u0001sbq\u0003";
        var instructions = TorchFiles.Dict(("args", args), ("model", TorchFiles.Dict(("a.w", TorchFiles.Tensor("w", 2, 2)))), ("ema", TorchFiles.Dict(("a.w", TorchFiles.Tensor("w", 4)), ("best", "h\u0003)R"))));
        Run(TorchFiles.Zip(instructions, ("w", [1, 2, 3, 4])), ReadAll);
    }

    static void Run(byte[] original, Action<string> read)
    {
        using var folder = new TemporaryFolder();
        var random = new Random(1);
        var (refused, most) = (0, 0L);
        for (var i = 0; i < Files; i++)
        {
            var path = folder.Write("mutated", Mutate(original, random));
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(path);
            }
            catch (WeightsException)
            {
                refused++;
            }
            most = Math.Max(most, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.InRange(refused, Files / 10, Files);
        Assert.InRange(most, 0, MaxBytesPerFile);
    }

    static void ReadAll(string path)
    {
        using var file = WeightFile.Open(path);
        foreach (var tensor in file.Tensors)
            Read(tensor);
    }

    /// <summary>A view may repeat one number as often as it likes; who reads it has seen its length.</summary>
    static void Read(WeightTensor tensor)
    {
        if (tensor.Length <= 1_000_000)
            Assert.Equal(tensor.Length, tensor.ToArray().Length);
    }

    static byte[] Mutate(byte[] original, Random random)
    {
        var bytes = original.ToList();
        for (var edits = random.Next(1, 5); edits > 0 && bytes.Count > 0; edits--)
        {
            var at = random.Next(bytes.Count);
            var count = Math.Min(random.Next(1, 9), bytes.Count - at);
            switch (random.Next(7))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes[at] = (byte)random.Next(4) switch { 0 => 0, 1 => 0x7f, 2 => 0x80, _ => 0xff }; break;
                case 3: bytes.RemoveRange(at, count); break;
                case 4: bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count - count + 1), count)); break;
                case 5: bytes.RemoveRange(at, random.Next(10) == 0 ? bytes.Count - at : 1); break;
                default:
                    for (var i = 0; i < count; i++)
                        bytes[at + i] = 0xff;
                    break;
            }
        }
        return [.. bytes];
    }
}
