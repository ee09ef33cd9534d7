using ResNet.Dsl;

namespace ResNet.Runtime.Tests.Formats;

/// <summary>Weights written again, in other types and under other names.</summary>
public sealed class WeightConversionTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Bottlenecks with projections, few channels, and everything that is kept with weights.</summary>
    static Network CreateNetwork() => Network.Create(new CifarResNetAttribute { Depth = 11, Block = Block.Bottleneck, ImageSize = 8, Classes = 3 }.Define("net"));

    string Save()
    {
        using var network = CreateNetwork();
        network.Labels = ["a", "b", "c"];
        network.Metrics = new Dictionary<string, double> { ["top1"] = 0.5 };
        var mean = new float[3 * 8 * 8];
        for (var i = 0; i < mean.Length; i++) mean[i] = i / 1000f;
        network.Preprocessing = network.Preprocessing with { PixelMean = new(8, 8, mean) };
        network.Save(_folder.File("net.safetensors"));
        return _folder.File("net.safetensors");
    }

    [Theory]
    [InlineData(WeightNames.Transformers)]
    [InlineData(WeightNames.Timm)]
    [InlineData(WeightNames.Torchvision)]
    public void Names_there_and_back_leave_every_byte(WeightNames names)
    {
        var original = Save();
        var there = WeightConversion.Convert(original, _folder.File("there"), names: names);
        var back = WeightConversion.Convert(_folder.File("there"), _folder.File("back"), names: WeightNames.Torchvision);
        Assert.Equal(("torchvision and timm", there.Tensors), (there.NamesOf, back.Tensors));
        using var from = WeightFile.Open(original);
        using var other = WeightFile.Open(_folder.File("there"));
        using var to = WeightFile.Open(_folder.File("back"));
        Assert.Equal(names == WeightNames.Transformers, other.Tensors.Any(tensor => tensor.Name == "resnet.encoder.stages.1.layers.0.shortcut.normalization.running_var"));
        Assert.Equal(from.Tensors.Select(tensor => (tensor.Name, tensor.Type)), to.Tensors.Select(tensor => (tensor.Name, tensor.Type)));
        Assert.All(from.Tensors, tensor => Assert.True(tensor.Bytes().SequenceEqual(to[tensor.Name].Bytes()), tensor.Name));
        Assert.All(from.Metadata, entry => Assert.Equal(entry.Value, to.Metadata[entry.Key]));

        // What was converted is the same network still, pictures' mean and all.
        using var expected = Network.Open(original);
        using var network = Network.Open(_folder.File("there"));
        Assert.Equal(expected.Parameters.ReadTrained(), network.Parameters.ReadTrained());
        Assert.Equal(expected.Parameters.ReadStatistics(), network.Parameters.ReadStatistics());
        Assert.Equal(expected.Labels, network.Labels);
        Assert.Equal(0.5, network.Metrics["top1"]);
        Assert.Equal(expected.Preprocessing.PixelMean!.Values.ToArray(), network.Preprocessing.PixelMean!.Values.ToArray());
    }

    [Theory]
    [InlineData(WeightType.Float16)]
    [InlineData(WeightType.BFloat16)]
    public void Types_are_rounded_once_and_come_back_as_they_were_rounded(WeightType type)
    {
        var original = Save();
        WeightConversion.Convert(original, _folder.File("small"), type);
        WeightConversion.Convert(_folder.File("small"), _folder.File("wide"), WeightType.Float32);
        WeightConversion.Convert(_folder.File("wide"), _folder.File("again"), type);
        Assert.Equal(File.ReadAllBytes(_folder.File("small")), File.ReadAllBytes(_folder.File("again")));
        using var from = WeightFile.Open(original);
        using var small = WeightFile.Open(_folder.File("small"));
        foreach (var tensor in from.Tensors)
        {
            var isMean = tensor.Name == "preprocessing.pixel_mean";
            Assert.Equal(isMean ? WeightType.Float32 : type, small[tensor.Name].Type);
            Assert.All(tensor.ToArray().Zip(small[tensor.Name].ToArray()), pair => Assert.Equal(pair.First, pair.Second, isMean ? 0 : Math.Abs(pair.First) * (type == WeightType.Float16 ? 0.5e-3 : 4e-3) + 1e-7));
        }
        using var network = Network.Open(_folder.File("small"));
    }

    /// <summary>Files/make.py has every type and layout, and names of nothing.</summary>
    [Theory]
    [InlineData("zip.pth")]
    [InlineData("legacy.pth")]
    public void Files_of_PyTorch_keep_names_types_and_values(string name)
    {
        var result = WeightConversion.Convert(TorchFiles.Path(name), _folder.File("out"));
        using var from = WeightFile.Open(TorchFiles.Path(name));
        using var to = WeightFile.Open(_folder.File("out"));
        Assert.Equal(new WeightConversionResult(21, 0, null), result);
        Assert.All(from.Tensors, tensor => Assert.Equal((tensor.Type, true), (to[tensor.Name].Type, tensor.Bytes().SequenceEqual(to[tensor.Name].Bytes()))));
        Assert.Contains("of no known scheme", Assert.Throws<WeightsException>(() => WeightConversion.Convert(TorchFiles.Path(name), _folder.File("none"), names: WeightNames.Timm)).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("none")));
    }

    [Fact]
    public void Wrappers_are_taken_off_and_counters_come_along()
    {
        var counter = TorchFiles.Tensor("n").Replace("FloatStorage", "LongStorage", StringComparison.Ordinal);
        var bytes = TorchFiles.Zip(TorchFiles.Dict(("state_dict", TorchFiles.Dict(
            ("module.conv1.weight", TorchFiles.Tensor("w", 2, 1, 1, 1)), ("module.bn1.weight", TorchFiles.Tensor("g", 2)), ("module.bn1.num_batches_tracked", counter),
            ("n_averaged", counter)))), ("w", [1, 2]), ("g", [3, 4]), ("n", [1, 0]));
        WeightConversion.Convert(_folder.Write("in.ckpt", bytes), _folder.File("out"), WeightType.Float16, WeightNames.Transformers);
        using var file = WeightFile.Open(_folder.File("out"));
        Assert.Equal(
            ["n_averaged Int64", "resnet.embedder.embedder.convolution.weight Float16", "resnet.embedder.embedder.normalization.num_batches_tracked Int64", "resnet.embedder.embedder.normalization.weight Float16"],
            file.Tensors.Select(tensor => $"{tensor.Name} {tensor.Type}").Order(StringComparer.Ordinal));
        Assert.Equal("pt", file.Metadata["format"]);
    }

    /// <summary>timm's VGG has convolutions where torchvision's has dense layers.</summary>
    [Fact]
    public void Shapes_of_timms_VGG_follow_its_layers()
    {
        (string Name, int[] Shape)[] ours = [("features.0.weight", [2, 3, 3, 3]), ("classifier.0.weight", [4, 98]), ("classifier.0.bias", [4]), ("classifier.3.weight", [5, 4]), ("classifier.6.weight", [3, 5])];
        (string Name, int[] Shape)[] theirs = [("features.0.weight", [2, 3, 3, 3]), ("pre_logits.fc1.weight", [4, 2, 7, 7]), ("pre_logits.fc1.bias", [4]), ("pre_logits.fc2.weight", [5, 4, 1, 1]), ("head.fc.weight", [3, 5])];
        WeightFile.Save(_folder.File("vgg"), ours.Select(tensor => new WeightTensor(tensor.Name, [.. tensor.Shape], new float[tensor.Shape.Aggregate(1, (a, b) => a * b)])));
        WeightConversion.Convert(_folder.File("vgg"), _folder.File("timm"), names: WeightNames.Timm);
        WeightConversion.Convert(_folder.File("timm"), _folder.File("back"), names: WeightNames.Torchvision);
        foreach (var (file, expected) in new[] { ("timm", theirs), ("back", ours) })
        {
            using var weights = WeightFile.Open(_folder.File(file));
            Assert.Equal(expected.Select(tensor => $"{tensor.Name} {string.Join("×", tensor.Shape)}"), weights.Tensors.Select(tensor => $"{tensor.Name} {string.Join("×", tensor.Shape)}"));
        }
    }

    [Fact]
    public void What_has_no_name_is_listed()
    {
        // ResNet-D, which transformers has not.
        WeightFile.Save(_folder.File("d"), new[] { "conv1.0.weight", "bn1.weight", "layer1.0.conv1.weight", "layer1.0.downsample.2.weight" }.Select(name => new WeightTensor(name, [1], new float[1])));
        var error = Assert.Throws<WeightsException>(() => WeightConversion.Convert(_folder.File("d"), _folder.File("out"), names: WeightNames.Transformers));
        Assert.Contains("its names are those of torchvision and timm, but they cannot all be translated", error.Message, StringComparison.Ordinal);
        Assert.Contains("2 without a name in Hugging Face transformers: conv1.0.weight, layer1.0.downsample.2.weight", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path, "out*"));

        WeightFile.Save(_folder.File("more"), [new("backbone.conv1.weight", [1], new float[1]), new("criterion.weight", [1], new float[1])]);
        error = Assert.Throws<WeightsException>(() => WeightConversion.Convert(_folder.File("more"), _folder.File("out"), names: WeightNames.Torchvision));
        Assert.Contains("1 not of mmpretrain: criterion.weight", error.Message, StringComparison.Ordinal);

        WeightFile.Save(_folder.File("twice"), [new("conv1.weight", [1], new float[1]), new("fc.weight", [1], new float[1]), new("linear.weight", [1], new float[1])]);
        error = Assert.Throws<WeightsException>(() => WeightConversion.Convert(_folder.File("twice"), _folder.File("out"), names: WeightNames.Torchvision));
        Assert.Contains("one name", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_input_is_not_overwritten()
    {
        var path = Save();
        var before = File.ReadAllBytes(path);
        File.CreateSymbolicLink(_folder.File("link"), path);
        foreach (var output in new[] { path, Path.Combine(_folder.Path, "x", "..", "net.safetensors"), _folder.File("link") })
            Assert.Contains("would overwrite the input", Assert.Throws<WeightsException>(() => WeightConversion.Convert(path, output, WeightType.Float16)).Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Throws<ArgumentException>(() => WeightConversion.Convert(path, _folder.File("out"), WeightType.Float64));
    }

    [Fact]
    public void The_state_of_a_training_run_is_left_out()
    {
        WeightFile.Save(_folder.File("last.safetensors"), [new("fc.weight", [1, 1], new float[1]), new("training.velocity", [1], new float[1])],
            new Dictionary<string, string> { ["training.options"] = "{}", ["labels"] = "a" });
        Assert.Equal(new WeightConversionResult(1, 1, null), WeightConversion.Convert(_folder.Path, _folder.File("out")));
        using var file = WeightFile.Open(_folder.File("out"));
        Assert.Equal(["labels"], file.Metadata.Keys);
    }
}
