using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Tests.Embeddings;

public sealed class EmbeddingIndexTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_nearest_are_those_of_the_greatest_cosine()
    {
        var (vectors, names) = Random(50, 7);
        var index = new EmbeddingIndex(names, vectors);
        var query = Random(1, 7).Vectors.Data.ToArray();
        var expected = Enumerable.Range(0, 50).Select(i => (i, Cosine: Cosine(query, vectors[i].ToArray()))).OrderByDescending(one => one.Cosine).Take(6).ToList();
        var found = index.Find(query, 6);
        Assert.Equal(expected.Select(one => one.i), found.Select(one => one.Index));
        Assert.Equal(expected.Select(one => names[one.i]), found.Select(one => one.Name));
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First.Cosine, pair.Second.Similarity, 1e-5));
        Assert.Equal(50, index.Find(query, 1000).Count);
    }

    [Fact]
    public void Equal_ones_come_in_the_order_of_the_index()
    {
        var index = new EmbeddingIndex(["a", "b", "c", "d"], new Tensor([1, 0, 2, 0, 0, 1, 3, 0], 4, 2));
        Assert.Equal(["a", "b", "d", "c"], index.Find([5, 0], 4).Select(one => one.Name));
        Assert.Equal(["a", "b"], index.Find([5, 0], 2).Select(one => one.Name));
    }

    [Fact]
    public void A_file_brings_back_all_of_it()
    {
        var (vectors, names) = Random(5, 3);
        names = [.. names.Select(name => $"ordner/{name} \"ä\n,.png")];
        var index = new EmbeddingIndex(names, vectors, "somewhere");
        index.Save(_folder.File("photos.index"));
        var opened = EmbeddingIndex.Open(_folder.File("photos.index"));
        Assert.Equal(names, opened.Names);
        Assert.Equal(("somewhere", 3), (opened.Origin, opened.Dimensions));
        for (var i = 0; i < 5; i++) Assert.Equal(index[i].ToArray(), opened[i].ToArray(), (a, b) => Math.Abs(a - b) < 1e-6f);
    }

    [Fact]
    public void What_does_not_fit_says_so()
    {
        Assert.Contains("There are 2 names for embeddings of 3×4", Assert.Throws<ArgumentException>(() => new EmbeddingIndex(["a", "b"], new Tensor(3, 4))).Message, StringComparison.Ordinal);
        Assert.Contains("The embedding of b has values that are not finite", Assert.Throws<ArgumentException>(() => new EmbeddingIndex(["a", "b"], new Tensor([1, 2, float.NaN, 2], 2, 2))).Message, StringComparison.Ordinal);
        var index = new EmbeddingIndex(["a", "b"], new Tensor([1, 2, 0, 0], 2, 2));
        Assert.Contains("has 3 values, those of the index have 2", Assert.Throws<ArgumentException>(() => index.Find([1, 2, 3])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => index.Find([1, float.PositiveInfinity]));
        // Nothing is like an embedding of zeros.
        Assert.Equal(0, index.Find([1, 2], 2)[1].Similarity);
    }

    [Fact]
    public void A_file_that_is_no_index_is_refused()
    {
        WeightFile.Save(_folder.File("weights.safetensors"), [new WeightTensor("a", [1], new float[1])]);
        Assert.Contains("no index of embeddings", Assert.Throws<WeightsException>(() => EmbeddingIndex.Open(_folder.File("weights.safetensors"))).Message, StringComparison.Ordinal);
        WeightFile.Save(_folder.File("other.index"), [new WeightTensor("embeddings", [1, 1], new float[1])], new Dictionary<string, string> { ["names"] = "[\"a\", \"b\"]" });
        Assert.Contains("There are 2 names", Assert.Throws<WeightsException>(() => EmbeddingIndex.Open(_folder.File("other.index"))).Message, StringComparison.Ordinal);
    }

    static (Tensor Vectors, string[] Names) Random(int count, int length)
    {
        var random = new CounterRandom((ulong)count);
        return (new([.. Enumerable.Range(0, count * length).Select(i => (float)random.Uniform(i) - 0.5f)], count, length), [.. Enumerable.Range(0, count).Select(i => $"{i}")]);
    }

    static double Cosine(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum() / Math.Sqrt(a.Sum(x => (double)x * x) * b.Sum(y => (double)y * y));
}
