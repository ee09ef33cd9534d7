using ResNet.Runtime.Weights;

namespace ResNet.Runtime.Tests.Formats;

public class NameMappingTests
{
    static readonly ExpectedTensor[] _network = [new("conv1.weight", [4, 3, 3, 3]), new("bn1.weight", [4]), new("fc.weight", [10, 4]), new("fc.bias", [10])];

    [Fact]
    public void Maps_names_prefixes_and_the_classifier()
    {
        var file = File(("module.conv1.weight", [4, 3, 3, 3]), ("module.bn1.weight", [4]), ("module.bn1.num_batches_tracked", []), ("module.linear.weight", [10, 4]), ("module.linear.bias", [10]));
        var mapping = NameMapping.Match("f", file, _network);
        Assert.Equal(_network.Select(e => e.Name), mapping.Tensors.Keys);
        Assert.Equal("module.linear.bias", mapping.Tensors["fc.bias"].Name);
        Assert.Empty(mapping.LeftOut);
    }

    [Theory]
    [InlineData("module.")]
    [InlineData("module.module.")]
    [InlineData("_orig_mod.")]
    [InlineData("state_dict.model.")]
    public void A_prefix_is_dropped_where_all_names_share_it(string prefix)
    {
        Assert.Equal(["a", "module.b"], File((prefix + "a", [1]), (prefix + "module.b", [1])).Keys);
        Assert.Equal([prefix + "a", "b"], File((prefix + "a", [1]), ("b", [1])).Keys);
    }

    [Fact]
    public void Lists_what_is_missing_and_what_is_left_over()
    {
        var file = File(("conv1.weight", [4, 3, 3, 3]), ("bn1.scale", [4]), ("fc.weight", [10, 4]));
        var error = Assert.Throws<WeightsException>(() => NameMapping.Match("f.pth", file, _network));
        Assert.Contains("2 missing: bn1.weight [4], fc.bias [10]", error.Message, StringComparison.Ordinal);
        Assert.Contains("1 not of the network: bn1.scale [4]", error.Message, StringComparison.Ordinal);
        Assert.Equal("f.pth", error.File);
    }

    /// <summary>Only the end of a name that is long enough for one of the network's is compared with them.</summary>
    [Fact]
    public void Names_of_any_length_and_any_number_of_dots_are_passed_over()
    {
        var file = File(("conv1.weight", [4, 3, 3, 3]), ("bn1.weight", [4]), ("fc.weight", [10, 4]), ("fc.bias", [10]), (new string('.', 5_000_000) + "a", [1]));
        var error = Assert.Throws<WeightsException>(() => NameMapping.Match("f", file, _network));
        Assert.Contains("1 not of the network", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Long_lists_are_cut()
    {
        var many = Enumerable.Range(0, 9).Select(i => new ExpectedTensor($"w{i}", [1])).ToArray();
        var error = Assert.Throws<WeightsException>(() => NameMapping.Match("f", File(), many));
        Assert.EndsWith("9 missing: w0 [1], w1 [1], w2 [1], w3 [1], …", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { 6, 20 }, new[] { 6, 5, 2, 2 }, true)]
    [InlineData(new[] { 6, 5, 2, 2 }, new[] { 6, 20 }, true)]
    [InlineData(new[] { 6, 5 }, new[] { 6, 5, 1, 1 }, true)]
    [InlineData(new[] { 20, 6 }, new[] { 6, 5, 2, 2 }, false)]
    [InlineData(new[] { 6, 20 }, new[] { 6, 5, 3, 3 }, false)]
    [InlineData(new[] { 6, 4, 5 }, new[] { 6, 20 }, false)]
    [InlineData(new[] { 120 }, new[] { 6, 20 }, false)]
    [InlineData(new[] { 6, 2, 2, 5 }, new[] { 6, 5, 2, 2 }, false)]
    public void A_dense_layer_and_the_convolution_over_all_of_its_maps_have_the_same_weights(int[] stored, int[] expected, bool fits)
    {
        ExpectedTensor[] network = [new("w", [.. expected])];
        if (fits) Assert.Single(NameMapping.Match("f", File(("w", stored)), network).Tensors);
        else Assert.Throws<WeightsException>(() => NameMapping.Match("f", File(("w", stored)), network));
    }

    [Fact]
    public void Names_a_misshapen_tensor_and_both_shapes()
    {
        var file = File(("conv1.weight", [4, 3, 7, 7]), ("bn1.weight", [4]), ("fc.weight", [10, 4]), ("fc.bias", [10]));
        var error = Assert.Throws<WeightsException>(() => NameMapping.Match("f", file, _network));
        Assert.Equal(("conv1.weight", "[4, 3, 3, 3] for conv1.weight", "[4, 3, 7, 7]"), (error.Tensor, error.Expected, error.Found));
    }

    [Theory]
    [InlineData("fc", 100)]
    [InlineData("linear", 100)]
    [InlineData("linear", 10)]
    public void Another_classifier_is_left_out_whole_on_request(string classifier, int classes)
    {
        var file = File(("conv1.weight", [4, 3, 3, 3]), ("bn1.weight", [4]), (classifier + ".weight", [classes, 5]), (classifier + ".bias", [classes]));
        Assert.Throws<WeightsException>(() => NameMapping.Match("f", file, _network));
        var mapping = NameMapping.Match("f", file, _network, replaced: "fc");
        Assert.Equal(["conv1.weight", "bn1.weight"], mapping.Tensors.Keys);
        Assert.Equal(["fc.weight", "fc.bias"], mapping.LeftOut);
    }

    [Fact]
    public void A_classifier_that_fits_is_loaded_even_where_it_might_be_left_out()
    {
        var file = File(("conv1.weight", [4, 3, 3, 3]), ("bn1.weight", [4]), ("fc.weight", [10, 4]), ("fc.bias", [10]));
        Assert.Empty(NameMapping.Match("f", file, _network, replaced: "fc").LeftOut);
    }

    [Fact]
    public void Only_the_replaced_module_may_be_missing()
    {
        var file = File(("bn1.weight", [4]));
        var error = Assert.Throws<WeightsException>(() => NameMapping.Match("f", file, _network, replaced: "fc"));
        Assert.EndsWith("1 missing: conv1.weight [4, 3, 3, 3]", error.Message, StringComparison.Ordinal);
    }

    static Dictionary<string, WeightTensor> File(params (string Name, int[] Shape)[] tensors) =>
        StateDict.Of([.. tensors.Select(t => new WeightTensor(t.Name, [.. t.Shape], new float[t.Shape.Aggregate(1, (a, b) => a * b)]))]);
}
