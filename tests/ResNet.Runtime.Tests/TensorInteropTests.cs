using System.Numerics.Tensors;

namespace ResNet.Runtime.Tests;

/// <summary>Tensors to and from System.Numerics.Tensors.</summary>
public class TensorInteropTests
{
    [Fact]
    public void A_span_is_copied_however_it_lies()
    {
        var values = Enumerable.Range(0, 24).Select(i => (float)i).ToArray();
        var dense = new Tensor(new ReadOnlyTensorSpan<float>(values, [2, 3, 4]));
        Assert.Equal([2, 3, 4], dense.Shape.ToArray());
        Assert.Equal(values, dense.Data.ToArray());
        // Every other column.
        var strided = new Tensor(new ReadOnlyTensorSpan<float>(values, [2, 3, 2], [12, 4, 2]));
        Assert.Equal(values.Where(value => value % 2 == 0), strided.Data.ToArray());
    }

    [Fact]
    public void Views_are_over_the_same_memory()
    {
        var tensor = new Tensor([1, 2, 3, 4, 5, 6], 2, 3);
        var span = tensor.AsTensorSpan();
        Assert.Equal([2, 3], span.Lengths.ToArray());
        span[1, 2] = 7;
        Assert.Equal(7, tensor.Data[5]);
        var other = tensor.AsTensor();
        Assert.Equal(7, other[1, 2]);
        other[0, 0] = 9;
        Assert.Equal(9, tensor.Data[0]);
    }

    [Fact]
    public void A_network_takes_and_gives_them()
    {
        using var network = Embeddings.EmbeddingTests.Small();
        var images = System.Numerics.Tensors.Tensor.Create(Enumerable.Range(0, 2 * 3 * 16 * 16).Select(i => i % 17 / 17f).ToArray(), [2, 3, 16, 16]);
        var logits = network.Predict(new Tensor(images)).AsTensorSpan();
        Assert.Equal([2, 5], logits.Lengths.ToArray());
    }
}
