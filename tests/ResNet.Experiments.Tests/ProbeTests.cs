using ResNet.Dsl;
using ResNet.Experiments.Networks;
using ResNet.Experiments.Probes;
using ResNet.Reference;
using ResNet.Runtime;
using ResNet.Runtime.Data;

namespace ResNet.Experiments.Tests;

/// <summary>The measurements of probes, against the reference interpreter and finite differences.</summary>
public class ProbeTests
{
    public static TheoryData<bool> Plainness => [true, false];

    [Theory]
    [MemberData(nameof(Plainness))]
    public void Responses_are_those_of_the_reference(bool isPlain)
    {
        using var network = Small.Network(isPlain ? Small.Plain() : Small.Residual());
        var images = ProbeImages.Take(network, new Shapes10(20), 3).Images;
        var table = ResponseProbe.Measure(network, images);

        // The tree with a tap after each normalization, by hand: the layers that are followed by it stand in pairs.
        using var tapped = LayerTree.Copy(network, LayerTree.WithResponses(network.Definition));
        var reference = new ReferenceInterpreter(tapped.Parameters).Infer(images.Data);
        string[] layers = ["conv1", "layer1.0.conv1", "layer1.0.conv2", "layer2.0.conv1", "layer2.0.conv2", "layer3.0.conv1", "layer3.0.conv2"];
        Assert.Equal(layers.Length, table.Rows.Count);
        for (var i = 0; i < layers.Length; i++)
            Assert.Equal(Deviation(reference.Taps[layers[i]]), table[ResponseProbe.Deviation][i], 1e-4);
    }

    /// <summary>The marks change nothing: logits of the network, of the one with taps and of the one with outputs are the same.</summary>
    [Theory]
    [InlineData(Unit.Original)]
    [InlineData(Unit.PreActivation)]
    [InlineData(Unit.BatchNormAfterAddition)]
    public void Marked_networks_compute_the_same(Unit unit)
    {
        using var network = Small.Network(new CifarResNetAttribute { Depth = 20, Unit = unit });
        var images = ProbeImages.Take(network, new Shapes10(20), 2).Images;
        var logits = network.Predict(images).Data.ToArray();
        foreach (var definition in new[] { LayerTree.WithResponses(network.Definition), LayerTree.WithUnitOutputs(network.Definition) })
        {
            using var marked = LayerTree.Copy(network, definition);
            Assert.Equal(network.Parameters.Tensors.Select(tensor => tensor.Name), marked.Parameters.Tensors.Select(tensor => tensor.Name));
            var others = marked.Predict(images).Data.ToArray();
            Assert.All(logits.Zip(others), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        }
    }

    [Theory]
    [InlineData(Unit.Original)]
    [InlineData(Unit.PreActivation)]
    [InlineData(Unit.BatchNormAfterAddition)]
    [InlineData(Unit.ReluBeforeAddition)]
    [InlineData(Unit.ReluOnlyPreActivation)]
    public void Gradients_by_units_are_those_of_the_reference(Unit unit)
    {
        using var network = Small.Network(new CifarResNetAttribute { Depth = 14, Unit = unit, ImageSize = 16 });
        CheckAgainstCuts(network);
    }

    [Fact]
    public void Gradients_of_a_plain_network_are_those_of_the_reference()
    {
        using var network = Small.Network(new CifarResNetAttribute { Depth = 14, Plain = true, ImageSize = 16 });
        CheckAgainstCuts(network);
    }

    /// <summary>∂L/∂x_l is the gradient by the images of the network that begins with x_l: the reference has that.</summary>
    static void CheckAgainstCuts(Network network)
    {
        var images = ProbeImages.Take(network, new Shapes10(20), 4);
        var gradients = GradientProbe.Gradients(network, images);
        var definition = LayerTree.WithUnitOutputs(network.Definition);
        using var marked = LayerTree.Copy(network, definition);
        var whole = new ReferenceInterpreter(marked.Parameters);
        var forward = whole.Train(images.Images.Data, [.. images.Labels]).Forward;
        Assert.Equal(definition.Outputs.Count - 1, gradients.Count);
        for (var unit = 0; unit < gradients.Count; unit++)
        {
            var name = LayerTree.UnitOutput(unit);
            var layers = definition.Body.Layers.ToList();
            var rest = new NetworkDefinition("rest", definition.Outputs[unit].Shape, new("", new(layers.Skip(layers.FindIndex(layer => layer is Output output && output.Name == name) + 1))));
            using var cut = LayerTree.Copy(network, rest);
            var expected = new ReferenceInterpreter(cut.Parameters).Train(Array.ConvertAll(forward.Outputs[name], value => (float)value), [.. images.Labels]).InputGradient;
            var scale = expected.Max(Math.Abs);
            Assert.True(scale > 0);
            for (var i = 0; i < expected.Length; i++)
                Assert.True(Math.Abs(expected[i] - gradients[unit].Data[i]) <= 1e-3 * scale, $"{name}[{i}]: {gradients[unit].Data[i]} instead of {expected[i]}, of at most {scale}");
        }
    }

    /// <summary>
    /// Every gradient of equal shape is the last one plus the rest: within a stage of pre-activation units the parts add up, and without
    /// residual functions the rest is nothing.
    /// </summary>
    [Fact]
    public void Without_residual_functions_the_identity_carries_everything()
    {
        using var network = Small.Network(new CifarResNetAttribute { Depth = 20, Unit = Unit.PreActivation });
        foreach (var tensor in network.Parameters.Tensors.Where(tensor => tensor.Name.StartsWith("layer", StringComparison.Ordinal) && tensor.Name.Contains("conv2", StringComparison.Ordinal)))
            tensor.Edit(values => values.Clear());
        var table = GradientProbe.Measure(network, ProbeImages.Take(network, new Shapes10(20), 4));
        // Units 4 and 7 change the shape: x0 … x3, x4 … x6 and x7 … x9 are the stages.
        Assert.Equal(10, table.Rows.Count);
        for (var unit = 0; unit < 10; unit++)
        {
            Assert.Equal(0, table[GradientProbe.Rest][unit], 1e-5);
            Assert.Equal(table[GradientProbe.Norm][unit], table[GradientProbe.Identity][unit], 1e-5);
        }
        Assert.True(table[GradientProbe.Norm][0] > 0);
    }

    [Fact]
    public void A_network_without_units_is_refused()
    {
        using var network = Network.Create(new NetworkBuilder().Input(3, 8, 8).Conv(4, 5).Relu().GlobalAveragePool().Dense(10).Build("flat"));
        var images = new Tensor(2, 3, 8, 8);
        Assert.Contains("no residual units", Assert.Throws<ArgumentException>(() => GradientProbe.Measure(network, new(images, [0, 1]))).Message, StringComparison.Ordinal);
        Assert.Contains("no 3×3 layer", Assert.Throws<ArgumentException>(() => ResponseProbe.Measure(network, images)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_is_read_as_it_was_written()
    {
        using var folder = new TemporaryFolder();
        var table = new ProbeTable(["unit", "norm"], [[0, 1 / 3.0], [1, 1e-30]]);
        table.Write(folder.File("table.csv"));
        var read = ProbeTable.Read(folder.File("table.csv"));
        Assert.Equal(table.Columns, read.Columns);
        Assert.Equal(table.Rows, read.Rows);
        folder.Write("table.csv", "unit,norm\n1\n");
        Assert.Contains("expected 2 numbers in a row, found \"1\"", Assert.Throws<InvalidDataException>(() => ProbeTable.Read(folder.File("table.csv"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_are_taken_at_equal_distances()
    {
        using var network = Small.Network(Small.Plain());
        Assert.Equal([0, 0, 0, 0], ProbeImages.Take(network, new Shapes10(40), 4).Labels);
        Assert.Equal([0, 3, 6, 0, 3], ProbeImages.Take(network, new Shapes10(17), 5).Labels);
    }

    static double Deviation(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }
}
