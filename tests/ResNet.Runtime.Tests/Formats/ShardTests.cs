using System.Text;
using ResNet.Dsl;

namespace ResNet.Runtime.Tests.Formats;

/// <summary>Weights in several files, with the index that Hugging Face's libraries write beside them.</summary>
public sealed class ShardTests : IDisposable
{
    const string Index = "model.safetensors.index.json", First = "model-00001-of-00002.safetensors", Second = "model-00002-of-00002.safetensors";

    readonly TemporaryFolder _folder = new();

    public ShardTests()
    {
        WeightFile.Save(_folder.File(First), [new("fc.weight", [3, 2], new float[] { 1, 2, 3, 4, 5, 6 })], new Dictionary<string, string> { ["format"] = "pt" });
        WeightFile.Save(_folder.File(Second), [new("fc.bias", [3], new float[] { 7, 8, 9 })], new Dictionary<string, string> { ["format"] = "pt" });
    }

    public void Dispose() => _folder.Dispose();

    string Write(string json) => _folder.Write(Index, Encoding.UTF8.GetBytes(json));

    string WriteMap(string weight = First, string bias = Second) =>
        Write($$$"""{"metadata": {"total_size": 36}, "weight_map": {"fc.weight": "{{{weight}}}", "fc.bias": "{{{bias}}}"}}""");

    [Fact]
    public void An_index_is_opened_by_its_path_and_by_its_folder()
    {
        var index = WriteMap();
        foreach (var path in new[] { index, _folder.Path })
        {
            using var file = WeightFile.Open(path);
            Assert.Equal(["fc.weight", "fc.bias"], file.Tensors.Select(tensor => tensor.Name));
            Assert.Equal([7, 8, 9], file["fc.bias"].ToArray());
            Assert.Equal("pt", file.Metadata["format"]);
            using var network = Network.Create(TestNetworks.Build(2, 1, 1, net => net.GlobalAveragePool().Dense(3)));
            network.Load(path);
            Assert.Equal([1, 2, 3, 4, 5, 6], network.Parameters["fc.weight"].Read().ToArray());
        }
        var closed = WeightFile.Open(index);
        closed.Dispose();
        Assert.Throws<ObjectDisposedException>(() => closed["fc.bias"].ToArray());
    }

    [Fact]
    public void Shards_may_lie_in_folders_below_and_be_what_PyTorch_wrote()
    {
        _folder.Write("parts/bias.bin", TorchFiles.Zip(TorchFiles.Dict(("fc.bias", TorchFiles.Tensor("b", 3))), ("b", [10, 20, 30])));
        using var file = WeightFile.Open(WriteMap(bias: "parts/bias.bin"));
        Assert.Equal([10, 20, 30], file["fc.bias"].ToArray());
    }

    [Fact]
    public void A_folder_of_one_file_is_that_file()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("holds no weights", Assert.Throws<WeightsException>(() => WeightFile.Open(folder.Path)).Message, StringComparison.Ordinal);
        File.Copy(_folder.File(First), folder.File("model.safetensors"));
        using var file = WeightFile.Open(folder.Path);
        Assert.Equal("fc.weight", Assert.Single(file.Tensors).Name);
    }

    [Theory]
    [InlineData("../model.safetensors", "outside of its folder")]
    [InlineData("/etc/passwd", "outside of its folder")]
    [InlineData("a/../../b", "outside of its folder")]
    [InlineData("", "outside of its folder")]
    [InlineData(".", "outside of its folder")]
    [InlineData("a\\u0000b", "outside of its folder")]
    [InlineData("model-00003-of-00002.safetensors", "is missing")]
    [InlineData(First, "fc.bias': it is missing in model-00001-of-00002.safetensors")]
    [InlineData(Index, "this is no weights file")]
    public void A_shard_that_is_none_is_an_error(string bias, string problem)
    {
        var error = Assert.Throws<WeightsException>(() => WeightFile.Open(WriteMap(bias: bias)));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        // Nothing stays open.
        File.Delete(_folder.File(First));
    }

    [Fact]
    public void A_tensor_in_another_shard_than_the_index_says_is_an_error()
    {
        var error = Assert.Throws<WeightsException>(() => WeightFile.Open(WriteMap(weight: Second, bias: First)));
        Assert.Equal("fc.bias", error.Tensor);
        Assert.Contains("it stands in model-00002-of-00002.safetensors, where the index does not name it", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}      ", "other JSON")]
    [InlineData("{\"weight_map\": []}", "other JSON")]
    [InlineData("{\"weight_map\": {}}", "names no tensors")]
    [InlineData("{\"weight_map\": {\"a\": 1}}", "is no text")]
    [InlineData("{\"weight_map\": {\"a\": \"\\ud800\"}}", "not valid")]
    [InlineData("{\"weight_map\": {\"a\": \"b\", \"a\": \"c\"}}", "not valid")]
    [InlineData("{\"weight_map\": {", "not valid")]
    public void A_broken_index_is_an_error(string json, string problem)
    {
        var error = Assert.Throws<WeightsException>(() => WeightFile.Open(Write(json)));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Equal(_folder.File(Index), error.File);
    }

    [Fact]
    public void An_index_in_memory_has_no_files_beside_it() => Assert.Contains("open it by its path",
        Assert.Throws<WeightsException>(() => WeightFile.Open(File.ReadAllBytes(WriteMap()))).Message, StringComparison.Ordinal);
}
