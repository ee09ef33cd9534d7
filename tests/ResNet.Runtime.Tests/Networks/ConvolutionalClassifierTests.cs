using ResNet.Dsl;
using ResNet.Runtime.Tensors;
using ResNet.Tests;

namespace ResNet.Runtime.Tests.Networks;

/// <summary>Dense layers as convolutions of the same weights (He et al. 2015, section 3.4).</summary>
public sealed class ConvolutionalClassifierTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(4, 4)]
    [InlineData(6, 5)]
    public void Scores_are_the_dense_layers_averaged_over_positions(int height, int width)
    {
        using var dense = Network.Create(Dense(4, 4));
        dense.Save(_folder.File("dense.safetensors"));
        using var convolutional = Network.Create(Convolutional(height, width, classes: 7));
        convolutional.Load(_folder.File("dense.safetensors"));

        var image = new Tensor(1, 2, height, width);
        new CounterRandom(3).FillNormal(image.Data, 1);
        var (rows, columns) = (height - 3, width - 3);
        var expected = new double[7];
        for (var y = 0; y < rows; y++)
            for (var x = 0; x < columns; x++)
                foreach (var (i, logit) in dense.Predict(Crop(image, y, x)).Data.ToArray().Index()) expected[i] += logit / (rows * columns);

        var actual = convolutional.Predict(image).Data.ToArray();
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-5 * expected.Max(Math.Abs));
    }

    [Fact]
    public void Files_fit_both_ways()
    {
        using var convolutional = Network.Create(Convolutional(6, 6, classes: 7));
        convolutional.Save(_folder.File("convolutional.safetensors"));
        using var dense = Network.Create(Dense(4, 4));
        dense.Load(_folder.File("convolutional.safetensors"));
        Assert.Equal(convolutional.Parameters.ReadTrained(), dense.Parameters.ReadTrained());
    }

    [Fact]
    public void Weights_of_other_maps_are_refused()
    {
        using var dense = Network.Create(Dense(4, 3));
        dense.Save(_folder.File("narrow.safetensors"));
        using var convolutional = Network.Create(Convolutional(6, 6, classes: 7));
        var error = Assert.Throws<WeightsException>(() => convolutional.Load(_folder.File("narrow.safetensors")));
        Assert.Contains("[9, 5, 4, 4] for a.weight", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_classes_replace_the_last_convolution()
    {
        using var convolutional = Network.Create(Convolutional(6, 6, classes: 7));
        convolutional.Save(_folder.File("convolutional.safetensors"));
        using var other = Network.Create(Convolutional(6, 6, classes: 3));
        other.Load(_folder.File("convolutional.safetensors"), replaceHead: true);
        Assert.Equal(convolutional.Parameters["a.weight"].Read(), other.Parameters["a.weight"].Read());
        Assert.Contains(other.Parameters["b.weight"].Read().ToArray(), value => value != 0);
    }

    static NetworkBuilder Features(int height, int width) => new NetworkBuilder().Input(2, height, width).Conv(5, 1, bias: true).Relu();

    static NetworkDefinition Dense(int height, int width) => Features(height, width)
        .Flatten().Dense(9, name: "a").Relu().Dense(7, name: "b").Build("Dense");

    static NetworkDefinition Convolutional(int height, int width, int classes) => Features(height, width)
        .Conv(9, kernel: 4, bias: true, name: "a").Relu().Conv(classes, kernel: 1, bias: true, name: "b").GlobalAveragePool().Build("Convolutional");

    static Tensor Crop(Tensor image, int top, int left)
    {
        var (height, width) = (image.Shape[2], image.Shape[3]);
        var crop = new Tensor(1, 2, 4, 4);
        for (var c = 0; c < 2; c++)
            for (var y = 0; y < 4; y++)
                image.Data.Slice((c * height + top + y) * width + left, 4).CopyTo(crop.Data.Slice((c * 4 + y) * 4, 4));
        return crop;
    }
}
