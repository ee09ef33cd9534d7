using ResNet.Dsl;
using ResNet.Reference;
using ResNet.Runtime.Tests.Classification;
using ResNet.Runtime.Tests.Embeddings;
using ResNet.Runtime.Weights.Initialization;

namespace ResNet.Runtime.Tests.Explanations;

public class GradCamTests
{
    /// <summary>Behind a global average pooling, a map's mean gradient is the head's weight by the number of places (Zhou et al. 2016, class activation mapping).</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(3)]
    public void Before_a_pooling_the_weights_are_the_heads(int? label)
    {
        using var network = EmbeddingTests.Small();
        var picture = Pictures.Draw(16, 16, 2);
        var maps = network.Features(network.Prepare(picture), "maps")["maps"];
        var best = network.Classify(picture, 5);
        var explained = label ?? best[0].Class;
        var weight = network.Parameters["fc.weight"].Read().ToArray();
        var expected = new double[49];
        for (var channel = 0; channel < 12; channel++)
            for (var place = 0; place < 49; place++)
                expected[place] += (double)weight[explained * 12 + channel] / 49 * maps.Data[channel * 49 + place];

        using var explainer = new GradCam(network);
        var map = explainer.Explain(picture, label);
        Assert.Equal((7, 7), (map.Height, map.Width));
        Assert.Equal(best.First(one => one.Class == explained).Label, map.Explained.Label);
        Assert.Equal(best.First(one => one.Class == explained).Probability, map.Explained.Probability, 1e-5f);
        Assert.Equal(expected.Select(value => Math.Max(0, value)), map.Values.ToArray().Select(value => (double)value), (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Contains(expected, value => value > 1e-4);
    }

    /// <summary>The definition by finite differences: a logit is computed in double precision for maps that are changed a little.</summary>
    [Fact]
    public void Behind_hidden_layers_the_gradient_is_that_of_finite_differences()
    {
        using var network = Network.Create(new NetworkBuilder().Input(3, 12, 12)
            .Conv(6, 3).BatchNorm().Relu().MaxPool(2).Tap("maps").Flatten().Dense(20, name: "hidden").BatchNorm(name: "norm").Relu().Dropout(0.5).Dense(4).Build("Hidden"));
        Randomize(network.Parameters);
        network.Preprocessing = new Preprocessing(12, 12, 12) { Mean = [0, 0, 0], Deviation = [1, 1, 1] };
        var picture = Pictures.Draw(12, 12, 5);
        var maps = network.Features(network.Prepare(picture), "maps")["maps"].Data.ToArray();
        using var tail = Network.Create(new NetworkBuilder().Input(6, 5, 5).Flatten().Dense(20, name: "hidden").BatchNorm(name: "norm").Relu().Dense(4).Build("Tail"));
        foreach (var tensor in tail.Parameters.Tensors)
        {
            var values = network.Parameters[tensor.Name].Read().ToArray();
            tensor.Edit(to => values.CopyTo(to));
        }
        var reference = new ReferenceInterpreter(tail.Parameters);
        var expected = new double[25];
        const float step = 1 / 256f;
        for (var channel = 0; channel < 6; channel++)
        {
            var mean = 0.0;
            for (var place = 0; place < 25; place++) mean += (Logit(channel, place, step) - Logit(channel, place, -step)) / (2 * step) / 25;
            for (var place = 0; place < 25; place++) expected[place] += mean * maps[channel * 25 + place];
        }

        using var explainer = new GradCam(network);
        Assert.Equal(expected.Select(value => Math.Max(0, value)), explainer.Explain(picture, 2).Values.ToArray().Select(value => (double)value), (a, b) => Math.Abs(a - b) < 1e-3 * expected.Max(Math.Abs));
        Assert.Contains(expected, value => value > 0);

        double Logit(int channel, int place, float change)
        {
            var changed = (float[])maps.Clone();
            changed[channel * 25 + place] += change;
            return reference.Infer(changed).Output[2];
        }
    }

    [Fact]
    public void New_weights_are_seen_by_the_next_call()
    {
        using var network = EmbeddingTests.Small();
        using var explainer = new GradCam(network);
        var picture = Pictures.Draw(16, 16, 2);
        Assert.True(explainer.Explain(picture, 0).Largest > 0);
        network.Parameters["fc.weight"].Edit(weights => weights.Clear());
        Assert.Equal(0, explainer.Explain(picture, 0).Largest);
    }

    [Fact]
    public void What_cannot_be_explained_says_why()
    {
        using var network = EmbeddingTests.Small();
        using var explainer = new GradCam(network);
        Assert.Throws<ArgumentOutOfRangeException>(() => explainer.Explain(Pictures.Draw(16, 16, 2), 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => explainer.Explain(Pictures.Draw(16, 16, 2), -1));
        using var maps = Network.Create(new NetworkBuilder().Input(3, 8, 8).Conv(4, 3).Build("Maps"));
        Assert.Contains("yields feature maps", Assert.Throws<InvalidOperationException>(() => new GradCam(maps)).Message, StringComparison.Ordinal);
    }

    /// <summary>A network that sees only what is bright: the map lies over the bright spot, and beside the crop the picture is darkened.</summary>
    [Fact]
    public void A_drawing_marks_what_the_class_follows_from()
    {
        using var network = Network.Create(new NetworkBuilder().Input(3, 16, 16).Conv(2, 1).Relu().AveragePool(4).GlobalAveragePool().Dense(2).Build("Bright"));
        network.Parameters["conv1.weight"].Edit(weights => weights.Fill(1));
        network.Parameters["fc.weight"].Edit(weights => (weights[0], weights[1], weights[2], weights[3]) = (1, 1, -1, -1));
        network.Preprocessing = new Preprocessing(16, 16, 16) { Mean = [0, 0, 0], Deviation = [1, 1, 1] };
        // Twice as wide as high: the middle is the crop. A bright spot in the crop's left upper quarter.
        var pixels = new byte[3 * 64 * 32];
        for (var i = 0; i < pixels.Length; i++) pixels[i] = (byte)(i / 3 % 64 is >= 16 and < 24 && i / 3 / 64 < 8 ? 255 : 20);
        var picture = Image.FromRgb(64, 32, pixels);

        using var explainer = new GradCam(network);
        var map = explainer.Explain(picture, 0);
        Assert.Equal(map.Largest, map.Values[0]);
        var drawing = map.Draw(picture);
        Assert.Equal((64, 32), (drawing.Width, drawing.Height));
        // In the middle of the place: yellow. Where nothing is: hardly touched, as a dark ground is a little bright. Beside the crop: darker.
        Assert.True(drawing[19, 3] is { Red: 255, Green: > 240, Blue: < 120 }, drawing[19, 3].ToString());
        Assert.True(drawing[44, 28] is { Red: < 60, Green: <= 20 }, drawing[44, 28].ToString());
        Assert.Equal((7, 7, 7), ((int, int, int))drawing[3, 3]);
    }

    static void Randomize(Parameters parameters)
    {
        new HeInitializer(5).Initialize(parameters);
        foreach (var tensor in parameters.Tensors.Where(tensor => !tensor.Info.IsTrained))
            tensor.Edit(values =>
            {
                var isVariance = tensor.Name.EndsWith("var", StringComparison.Ordinal);
                for (var i = 0; i < values.Length; i++) values[i] = i % 5 / 5f + (isVariance ? 0.4f : -0.4f);
            });
    }
}
