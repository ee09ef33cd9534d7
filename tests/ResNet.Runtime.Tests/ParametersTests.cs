using ResNet.Dsl;

namespace ResNet.Runtime.Tests;

public class ParametersTests
{
    static readonly NetworkDefinition _network = TestNetworks.Build(3, 4, 4, n =>
        n.Conv(2, 3, padding: 1).BatchNorm().Relu().Conv(5, 1, bias: true).GlobalAveragePool().Dense(7));

    [Fact]
    public void Tensors_stand_in_the_order_of_the_layers_with_PyTorchs_names_and_shapes() => Assert.Equal(
        [
            "conv1.weight 2×3×3×3", "bn1.weight 2", "bn1.bias 2", "bn1.running_mean 2", "bn1.running_var 2",
            "conv2.weight 5×2×1×1", "conv2.bias 5", "fc.weight 7×5", "fc.bias 7",
        ],
        new Parameters(_network).Tensors.Select(tensor => tensor.ToString()));

    [Fact]
    public void Trained_tensors_fill_one_vector_without_gaps_and_statistics_another()
    {
        var parameters = new Parameters(_network);
        for (var t = 0; t < parameters.Tensors.Count; t++) parameters.Tensors[t].Edit().Fill(t + 1);

        int[] trained = [0, 1, 2, 5, 6, 7, 8], statistics = [3, 4];
        Assert.Equal(trained.SelectMany(t => Enumerable.Repeat(t + 1f, parameters.Tensors[t].Length)), parameters.ReadTrained().ToArray());
        Assert.Equal(statistics.SelectMany(t => Enumerable.Repeat(t + 1f, parameters.Tensors[t].Length)), parameters.ReadStatistics().ToArray());
        Assert.All(parameters.Tensors, tensor =>
            Assert.Equal(tensor.Read()[0], (tensor.Info.IsTrained ? parameters.ReadTrained() : parameters.ReadStatistics())[tensor.Offset]));
    }

    [Fact]
    public void Editing_the_vectors_edits_the_tensors()
    {
        var parameters = new Parameters(_network);
        var bias = parameters["conv2.bias"];
        parameters.EditTrained()[bias.Offset + 4] = 3;
        parameters.EditStatistics()[parameters["bn1.running_var"].Offset] = 9;
        Assert.Equal([0, 0, 0, 0, 3], bias.Read().ToArray());
        Assert.Equal([9, 0], parameters["bn1.running_var"].Read().ToArray());
    }

    [Fact]
    public void Every_way_to_write_moves_the_version_and_no_way_to_read_does()
    {
        var parameters = new Parameters(_network);
        var seen = parameters.Version;
        foreach (var write in new Action[] { () => parameters.EditTrained(), () => parameters.EditStatistics(), () => parameters.Tensors[0].Edit() })
        {
            write();
            Assert.NotEqual(seen, parameters.Version);
            seen = parameters.Version;
        }
        _ = parameters.ReadTrained().Length + parameters.ReadStatistics().Length + parameters.Tensors[0].Read().Length;
        Assert.Equal(seen, parameters.Version);
    }

    [Fact]
    public void A_tensor_is_found_by_name_and_by_layer()
    {
        var parameters = new Parameters(_network);
        Assert.Same(parameters["bn1.running_mean"], parameters[1, ParameterKind.RunningMean]);
        Assert.Same(parameters["conv2.bias"], parameters[3, ParameterKind.Bias]);
        Assert.False(parameters.TryGetValue(0, ParameterKind.Bias, out _));
        Assert.False(parameters.TryGetValue("conv1.bias", out _));
    }

    [Fact]
    public void A_tensor_that_does_not_exist_is_named_in_the_error()
    {
        var parameters = new Parameters(_network);
        Assert.Contains("\"conv9.weight\"", Assert.Throws<KeyNotFoundException>(() => parameters["conv9.weight"]).Message, StringComparison.Ordinal);
        Assert.Contains("Layer 0", Assert.Throws<KeyNotFoundException>(() => parameters[0, ParameterKind.Bias]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_parameters_than_an_array_holds_are_refused()
    {
        var network = TestNetworks.Build(30000, 1, 1, n => n.Conv(40000, 1).Conv(40000, 1));
        Assert.Contains("2800000000", Assert.Throws<ArgumentException>(() => new Parameters(network)).Message, StringComparison.Ordinal);
    }
}
