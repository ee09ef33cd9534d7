using ResNet.Dsl;
using ResNet.Runtime.Tests.Classification;
using ResNet.Runtime.Weights.Initialization;

namespace ResNet.Runtime.Tests.Embeddings;

public class EmbeddingTests
{
    /// <summary>The head's matrix makes logits of an embedding: those of the whole network.</summary>
    [Fact]
    public void The_head_makes_the_networks_logits_of_an_embedding()
    {
        using var network = Small();
        var images = network.Prepare(Pictures.Draw(20, 17, 1));
        var (embedding, logits) = (network.Embed(images), network.Predict(images));
        Assert.Equal([1, 12], embedding.Shape.ToArray());
        var (weight, bias) = (network.Parameters["fc.weight"].Read().ToArray(), network.Parameters["fc.bias"].Read().ToArray());
        for (var i = 0; i < 5; i++)
        {
            var expected = (double)bias[i];
            for (var j = 0; j < 12; j++) expected += (double)weight[i * 12 + j] * embedding.Data[j];
            Assert.Equal(expected, logits.Data[i], 1e-5);
        }
    }

    [Fact]
    public void Normalized_embeddings_point_the_same_way_and_have_the_norm_1()
    {
        using var network = Small();
        var picture = Pictures.Draw(20, 17, 1);
        var (raw, normalized) = (network.Embed(picture), network.Embed(picture, normalize: true));
        var norm = Math.Sqrt(raw.Sum(value => (double)value * value));
        Assert.Equal(raw.Select(value => value / norm), normalized.Select(value => (double)value), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.All(raw.Zip(normalized), pair => Assert.True(pair.First == 0 || pair.First != pair.Second));
    }

    [Fact]
    public void It_follows_the_weights_of_its_network()
    {
        using var network = Small();
        var picture = Pictures.Draw(20, 17, 1);
        var before = network.Embed(picture);
        network.Parameters["conv1.weight"].Edit(weights => weights.Clear());
        network.Parameters["bn1.bias"].Edit(bias => bias.Fill(2));
        Assert.Contains(before, value => value != 2);
        Assert.All(network.Embed(picture), value => Assert.Equal(2, value));
    }

    /// <summary>The network without its head takes other sizes as the whole does: it is a network of its own.</summary>
    [Fact]
    public void The_network_without_its_head_takes_other_sizes()
    {
        using var network = Small();
        Assert.Same(network.WithoutHead(), network.WithoutHead());
        // A caller may dispose it; then there is another.
        network.WithoutHead().Dispose();
        Assert.Equal(12, network.WithoutHead().WithInputSize(20, 24).Definition.Output.Elements);
    }

    [Fact]
    public void It_is_released_with_its_network()
    {
        var network = Small();
        var features = network.WithoutHead();
        network.Dispose();
        Assert.Throws<ObjectDisposedException>(() => features.Predict(new Tensor(1, 3, 16, 16)));
        Assert.Throws<ObjectDisposedException>(network.WithoutHead);
    }

    internal static Network Small()
    {
        var network = Network.Create(new NetworkBuilder().Input(3, 16, 16)
            .Conv(12, 3).BatchNorm().Relu().MaxPool(2).Tap("maps").GlobalAveragePool().Dropout(0.5).Dense(5).Build("Small"));
        new HeInitializer(3).Initialize(network.Parameters);
        network.Preprocessing = new Preprocessing(16, 16, 16) { Mean = [0, 0, 0], Deviation = [1, 1, 1] };
        network.Labels = ["a", "b", "c", "d", "e"];
        return network;
    }
}
