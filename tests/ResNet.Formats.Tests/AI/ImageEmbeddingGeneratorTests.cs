using Microsoft.Extensions.AI;
using ResNet.Dsl;
using ResNet.Extensions.AI;
using ResNet.Runtime;

namespace ResNet.Formats.Tests.AI;

/// <summary>A network as an embedding generator of Microsoft.Extensions.AI.</summary>
public sealed class ImageEmbeddingGeneratorTests : IDisposable
{
    readonly Network _network = Network.Create(new NetworkBuilder().Input(3, 16, 16).Conv(6, 3).Relu().GlobalAveragePool().Dense(4).Build("Small"));

    public void Dispose() => _network.Dispose();

    /// <summary>More pictures than are computed together.</summary>
    [Fact]
    public async Task Pictures_are_embedded_in_their_order()
    {
        using var generator = new ImageEmbeddingGenerator(_network);
        var pictures = Enumerable.Range(0, 19).Select(Draw).ToList();
        var embeddings = await generator.GenerateAsync(pictures.Select(ToData));
        Assert.Equal(19, embeddings.Count);
        foreach (var (picture, embedding) in pictures.Zip(embeddings))
        {
            Assert.Equal(_network.Embed(picture, normalize: true), embedding.Vector.ToArray(), (a, b) => Math.Abs(a - b) < 1e-5f);
            Assert.Equal("Small", embedding.ModelId);
        }
    }

    [Fact]
    public async Task It_says_what_it_is_and_what_it_cannot_do()
    {
        using var generator = new ImageEmbeddingGenerator(_network, normalize: false);
        var metadata = generator.GetService<EmbeddingGeneratorMetadata>()!;
        Assert.Equal(("Small", 6), (metadata.DefaultModelId, metadata.DefaultModelDimensions));
        Assert.Same(_network, generator.GetService<Network>());
        Assert.Same(generator, generator.GetService<ImageEmbeddingGenerator>());
        Assert.Null(generator.GetService(typeof(Network), "key"));
        Assert.Equal(_network.Embed(Draw(1)), (await generator.GenerateAsync([ToData(Draw(1))]))[0].Vector.ToArray());
        Assert.Contains("6 dimensions, not 8", (await Assert.ThrowsAsync<ArgumentException>(() => generator.GenerateAsync([ToData(Draw(1))], new() { Dimensions = 8 }))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ImageException>(() => generator.GenerateAsync([new DataContent(new byte[] { 1, 2, 3 }, "image/png")]));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => generator.GenerateAsync([ToData(Draw(1))], cancellationToken: new(canceled: true)));
    }

    static Image Draw(int seed) => Image.FromRgb(20, 16, [.. Enumerable.Range(0, 3 * 20 * 16).Select(i => (byte)(i * (seed + 3) % 251))]);

    static DataContent ToData(Image picture)
    {
        using var stream = new MemoryStream();
        picture.SavePng(stream);
        return new(stream.ToArray(), "image/png");
    }
}
