using System.Buffers.Binary;
using System.Text;

namespace ResNet.Runtime.Tests.Formats;

public class SafeTensorsTests
{
    [Fact]
    public void Reads_the_format_as_specified()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("a", File("""{"__metadata__":{"epoch":"3"},"b":{"dtype":"F32","shape":[1,2],"data_offsets":[4,12]},"a":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}""",
            [0x80, 0x3f, 0x00, 0xc0, 0, 0, 0x20, 0x41, 0, 0, 0x80, 0x3e]));
        using var file = WeightFile.Open(path);
        Assert.Equal("3", file.Metadata["epoch"]);
        Assert.Equal(["b", "a"], file.Tensors.Select(t => t.Name));
        Assert.Equal([1, -2], file["a"].ToArray());
        Assert.Equal([10, 0.25f], file["b"].ToArray());
        Assert.Equal([1, 2], file["b"].Shape.ToArray());
        Assert.Equal("c", Assert.Throws<WeightsException>(() => file["c"]).Tensor);
    }

    [Fact]
    public void Writes_the_format_as_specified()
    {
        using var folder = new TemporaryFolder();
        WeightFile.Save(folder.File("a"), [new("w", [2, 1], new float[] { 1, -2 })], new Dictionary<string, string> { ["b"] = "1", ["a"] = "é" });
        var bytes = System.IO.File.ReadAllBytes(folder.File("a"));
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        Assert.Equal(0, length % 8);
        Assert.Equal("""{"__metadata__":{"a":"\u00E9","b":"1"},"w":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}}""", Encoding.UTF8.GetString(bytes, 8, length).TrimEnd(' '));
        Assert.Equal([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0], bytes[(8 + length)..]);
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Saving_keeps_types_and_values()
    {
        using var folder = new TemporaryFolder();
        using var source = WeightFile.Open(TorchFiles.Path("legacy.pth"));
        WeightFile.Save(folder.File("a"), source.Tensors);
        using var saved = WeightFile.Open(folder.File("a"));
        Assert.Equal(source.Tensors.Count, saved.Tensors.Count);
        foreach (var tensor in source.Tensors)
        {
            Assert.Equal(tensor.Type, saved[tensor.Name].Type);
            Assert.Equal(tensor.Shape.AsEnumerable(), saved[tensor.Name].Shape);
            Assert.Equal(tensor.ToArray(), saved[tensor.Name].ToArray());
        }
    }

    [Fact]
    public void Replaces_a_file_that_is_being_read_or_leaves_it()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a");
        WeightFile.Save(path, [new("w", [1], new float[] { 1 })]);
        using (var old = WeightFile.Open(path))
        {
            var twice = old.Tensors.Concat(old.Tensors);
            Assert.Throws<ArgumentException>(() => WeightFile.Save(path, twice));
            if (!OperatingSystem.IsWindows())
                WeightFile.Save(path, [new("w", [1], new float[] { 2 })]);
            Assert.Equal([1], old["w"].ToArray());
        }
        using var now = WeightFile.Open(path);
        Assert.Equal([OperatingSystem.IsWindows() ? 1 : 2], now["w"].ToArray());
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_failed_write_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("a"));
        Assert.ThrowsAny<Exception>(() => WeightFile.Save(folder.File("a"), [new("w", [1], new float[1])]));
        Assert.Empty(Directory.GetFiles(folder.Path));
        Assert.Throws<ArgumentException>(() => WeightFile.Save(folder.File("b"), [new("__metadata__", [1], new float[1])]));
        Assert.Throws<DirectoryNotFoundException>(() => WeightFile.Save(folder.File("none/b"), [new("w", [1], new float[1])]));
    }

    [Theory]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "range of bytes")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8, "do not fill")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "gap")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}""", 8, "range of bytes")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "range of bytes")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[8,4]}}""", 8, "range of bytes")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", 8, "range of bytes")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", 8, "entry")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,1e99]}}""", 8, "range of bytes")]
    [InlineData("""{"v":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "overlap")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "not valid")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\u0077":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "not valid")]
    [InlineData("""{"w":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "shape")]
    [InlineData("""{"w":{"dtype":"F32","shape":[65536,65536],"data_offsets":[0,0]}}""", 0, "too large")]
    [InlineData("""{"w":{"dtype":"F32","shape":[-1],"data_offsets":[0,0]}}""", 0, "shape")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "shape")]
    [InlineData("""{"w":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}""", 4, "shape")]
    [InlineData("""{"w":{"dtype":"F4","shape":[1],"data_offsets":[0,4]}}""", 4, "found F4")]
    [InlineData("""{"w":{"dtype":32,"shape":[1],"data_offsets":[0,4]}}""", 4, "entry")]
    [InlineData("""{"w":[]}""", 0, "entry")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "'a' is no text")]
    [InlineData("""{"__metadata__":"a"}""", 0, "metadata")]
    [InlineData("""{"__metadata__":{"a":"\ud800"}}""", 0, "not valid")]
    [InlineData("""{"a":""", 0, "not valid")]
    [InlineData("""{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":1}}}}}}}}}""", 0, "not valid")]
    public void Refuses_a_wrong_header(string header, int dataBytes, string problem)
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<WeightsException>(() => WeightFile.Open(folder.Write("a", File(header, new byte[dataBytes]))));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Equal(folder.File("a"), error.File);
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1ul << 63)]
    [InlineData(100_000_001ul)]
    [InlineData(3ul)]
    [InlineData(1ul)]
    [InlineData(0ul)]
    public void Refuses_a_wrong_header_length(ulong length)
    {
        using var folder = new TemporaryFolder();
        var bytes = File("{}", []);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        Assert.Throws<WeightsException>(() => WeightFile.Open(folder.Write("a", bytes)));
    }

    /// <summary>The header's length, the header and the data.</summary>
    internal static byte[] File(string header, byte[] data)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        return [.. length, .. json, .. data];
    }
}
