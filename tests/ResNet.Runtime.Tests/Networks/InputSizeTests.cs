using ResNet.Dsl;
using ResNet.Reference;
using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Tests.Networks;

/// <summary>A network runs at other sizes of its input, over the same parameters.</summary>
public class InputSizeTests
{
    [Theory]
    [InlineData(18, 160, 160)]
    [InlineData(18, 224, 224)]
    [InlineData(18, 288, 352)]
    [InlineData(50, 160, 160)]
    [InlineData(50, 288, 352)]
    public void LogitsAgreeWithTheReference(int depth, int height, int width)
    {
        using Network net = depth == 18 ? new ResNet18() : new ResNet50();
        var resized = net.WithInputSize(height, width);
        var image = Noise(resized.Definition.Input);

        var parameters = new Parameters(resized.Definition);
        net.Parameters.ReadTrained().CopyTo(parameters.EditTrained());
        net.Parameters.ReadStatistics().CopyTo(parameters.EditStatistics());
        var expected = new ReferenceInterpreter(parameters).Infer(image.Data).Output;

        var actual = resized.Predict(image).Data.ToArray();
        var largest = expected.Max(Math.Abs);
        for (var i = 0; i < actual.Length; i++) Assert.Equal(expected[i], actual[i], 1e-4 * largest);
    }

    [Fact]
    public void ParametersAreShared()
    {
        using var net = new Cifar20();
        var resized = net.WithInputSize(24, 40);
        Assert.Same(net.Parameters, resized.Parameters);
        Assert.Same(resized, net.WithInputSize(24, 40));
        Assert.Same(net, net.WithInputSize(32, 32));

        var (image, labels) = (Noise(resized.Definition.Input), new[] { 3 });
        var before = resized.Predict(image).Data.ToArray();
        using (var session = resized.CreateTrainingSession())
        {
            session.Run(image.Data, labels);
            var gradients = session.ReadGradients();
            var weights = resized.Parameters.EditTrained();
            for (var i = 0; i < weights.Length; i++) weights[i] -= 0.1f * gradients[i];
        }
        Assert.NotEqual(before, resized.Predict(image).Data.ToArray());
        var ofOwnSize = Noise(net.Definition.Input);
        using var other = Network.Create(net.Definition);
        net.Parameters.ReadTrained().CopyTo(other.Parameters.EditTrained());
        net.Parameters.ReadStatistics().CopyTo(other.Parameters.EditStatistics());
        Assert.Equal(other.Predict(ofOwnSize).Data.ToArray(), net.Predict(ofOwnSize).Data.ToArray());
    }

    [Fact]
    public void LabelsAndTheMarginOfTheCropAreKept()
    {
        using var net = new ResNet18();
        net.Labels = [.. Enumerable.Range(0, net.Labels.Count).Select(i => $"class {i}")];
        net.Preprocessing = new(Resize: net.Definition.Input.Height * 2, net.Definition.Input.Height, net.Definition.Input.Width) { Mean = [0.1f, 0.2f, 0.3f] };
        var resized = net.WithInputSize(96, 128);
        Assert.Equal(net.Labels, resized.Labels);
        Assert.Equal((192, 96, 128), (resized.Preprocessing.Resize, resized.Preprocessing.Height, resized.Preprocessing.Width));
        Assert.Equal(net.Preprocessing.Mean, resized.Preprocessing.Mean);
    }

    [Fact]
    public void ItEndsWithTheNetwork()
    {
        var net = new Cifar20();
        var resized = net.WithInputSize(24, 24);
        net.Dispose();
        Assert.Throws<ObjectDisposedException>(() => resized.Predict(Noise(resized.Definition.Input)));
        Assert.Throws<ObjectDisposedException>(() => net.WithInputSize(40, 40));
    }

    [Theory]
    [InlineData(0, 32)]
    [InlineData(1, 32)]
    [InlineData(32, 2)]
    [InlineData(32, 1 << 20)]
    public void SizesThatDoNotFitAreRefused(int height, int width)
    {
        using var net = new Cifar20();
        Assert.Throws<NetworkException>(() => net.WithInputSize(height, width));
        net.WithInputSize(40, 24);
    }

    [Fact]
    public void ASizeThatIsTooSmallIsNamedWithTheLayer()
    {
        using var net = Network.Create(new NetworkBuilder().Input(3, 8, 8).Conv(4, 3, name: "first").Conv(4, 5, name: "second").GlobalAveragePool().Dense(2).Build("Valid"));
        Assert.Contains("With images of 6×9, at second: ", Assert.Throws<NetworkException>(() => net.WithInputSize(6, 9)).Message, StringComparison.Ordinal);
        Assert.Contains("With images of 2×9, at first: ", Assert.Throws<NetworkException>(() => net.WithInputSize(2, 9)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ADenseLayerOverFlattenedMapsNeedsItsSize()
    {
        var definition = new NetworkBuilder().Input(3, 8, 8).Conv(4, 3).Flatten().Dense(5).Build("Flat");
        using var net = Network.Create(definition);
        var error = Assert.Throws<NetworkException>(() => net.WithInputSize(9, 8));
        Assert.Contains("flattens 4×7×6 instead of 4×6×6", error.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(3, 2), InlineData(1, 6)]
    public void AsManyFlattenedValuesOfAnotherShapeAreOtherPixels(int height, int width)
    {
        using var net = Network.Create(new NetworkBuilder().Input(1, 2, 3).Flatten().Dense(6).Build("Flat"));
        var error = Assert.Throws<NetworkException>(() => net.WithInputSize(height, width));
        Assert.Contains($"flattens 1×{height}×{width} instead of 1×2×3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EverySizeIsReachedFromEveryOther()
    {
        using var net = Network.Create(new CifarResNetAttribute { Depth = 8 }.Define("ResNet-8"));
        var tall = net.WithInputSize(40, 24);
        Assert.Same(net, tall.WithInputSize(32, 32));
        Assert.Same(net.WithInputSize(24, 24), tall.WithInputSize(24, 24));
        Assert.Same(tall, tall.WithInputSize(40, 24));
    }

    [Fact]
    public void ASizeThatWasDisposedIsMadeAnew()
    {
        using var net = Network.Create(new CifarResNetAttribute { Depth = 8 }.Define("ResNet-8"));
        float[] logits;
        using (var tall = net.WithInputSize(40, 24)) logits = tall.Predict(Noise(tall.Definition.Input)).Data.ToArray();
        var again = net.WithInputSize(40, 24);
        Assert.Equal(logits, again.Predict(Noise(again.Definition.Input)).Data.ToArray());
    }

    static Tensor Noise(Shape shape)
    {
        var image = new Tensor(1, shape.Channels, shape.Height, shape.Width);
        new CounterRandom(11).FillNormal(image.Data, 1);
        return image;
    }
}
