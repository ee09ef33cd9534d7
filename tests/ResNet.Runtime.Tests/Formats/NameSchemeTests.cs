using ResNet.Runtime.Weights;

namespace ResNet.Runtime.Tests.Formats;

/// <summary>The names of other libraries, as they stand in the state dicts of their models.</summary>
public class NameSchemeTests
{
    const string Transformers = "Hugging Face transformers", Alone = "Hugging Face transformers (the model without its prefix)";

    [Theory]
    [InlineData(Transformers, "conv1.weight", "resnet.embedder.embedder.convolution.weight")]
    [InlineData(Transformers, "bn1.running_mean", "resnet.embedder.embedder.normalization.running_mean")]
    [InlineData(Transformers, "layer1.0.conv1.weight", "resnet.encoder.stages.0.layers.0.layer.0.convolution.weight")]
    [InlineData(Transformers, "layer3.22.bn3.running_var", "resnet.encoder.stages.2.layers.22.layer.2.normalization.running_var")]
    [InlineData(Transformers, "layer2.0.downsample.0.weight", "resnet.encoder.stages.1.layers.0.shortcut.convolution.weight")]
    [InlineData(Transformers, "layer4.0.downsample.1.num_batches_tracked", "resnet.encoder.stages.3.layers.0.shortcut.normalization.num_batches_tracked")]
    [InlineData(Transformers, "fc.bias", "classifier.1.bias")]
    [InlineData(Alone, "conv1.weight", "embedder.embedder.convolution.weight")]
    [InlineData(Alone, "layer1.0.conv1.weight", "encoder.stages.0.layers.0.layer.0.convolution.weight")]
    [InlineData("mmpretrain", "conv1.weight", "backbone.conv1.weight")]
    [InlineData("mmpretrain", "layer2.0.downsample.1.weight", "backbone.layer2.0.downsample.1.weight")]
    [InlineData("mmpretrain", "fc.weight", "head.fc.weight")]
    [InlineData("mmpretrain (ResNet-D)", "conv1.3.weight", "backbone.stem.1.conv.weight")]
    [InlineData("mmpretrain (ResNet-D)", "bn1.bias", "backbone.stem.2.bn.bias")]
    [InlineData("mmpretrain (ResNet-D)", "layer1.0.downsample.1.weight", "backbone.layer1.0.downsample.0.weight")]
    [InlineData("mmpretrain (ResNet-D)", "layer2.0.downsample.2.bias", "backbone.layer2.0.downsample.2.bias")]
    [InlineData("mmpretrain (ResNet-C)", "layer1.0.downsample.1.weight", "backbone.layer1.0.downsample.1.weight")]
    [InlineData("timm", "conv1.0.weight", "conv1.0.weight")]
    [InlineData("timm", "layer1.0.downsample.2.weight", "layer1.0.downsample.2.weight")]
    [InlineData("timm", "classifier.0.weight", "pre_logits.fc1.weight")]
    [InlineData("timm", "classifier.3.bias", "pre_logits.fc2.bias")]
    [InlineData("timm", "classifier.6.weight", "head.fc.weight")]
    [InlineData("timm", "fc.weight", "fc.weight")]
    [InlineData("torchvision and timm", "layer1.0.conv1.weight", "layer1.0.conv1.weight")]
    [InlineData("torchvision and timm", "features.28.weight", "features.28.weight")]
    public void A_name_is_translated_there_and_back(string library, string ours, string theirs)
    {
        var scheme = NameScheme.All.Single(scheme => scheme.Name == library);
        Assert.Equal(theirs, scheme.Spellings(ours).First());
        Assert.Equal(ours, scheme.ToOurs(theirs));
    }

    [Theory]
    [InlineData(Transformers, "conv1.0.weight")]
    [InlineData(Transformers, "layer0.0.conv1.weight")]
    [InlineData(Transformers, "layer1.0.downsample.2.weight")]
    [InlineData(Transformers, "layer01.0.conv1.weight")]
    [InlineData(Transformers, "layer1.999999.conv1.weight")]
    [InlineData(Transformers, "layer1.-1.conv1.weight")]
    [InlineData(Transformers, "layer1.0.conv.weight")]
    [InlineData(Transformers, "conv1")]
    [InlineData(Transformers, "")]
    [InlineData("mmpretrain", "block1.conv1.weight")]
    public void A_name_that_a_library_does_not_have_is_none(string library, string name)
    {
        var scheme = NameScheme.All.Single(scheme => scheme.Name == library);
        Assert.Empty(scheme.Spellings(name));
        Assert.Null(scheme.ToOurs(name));
    }

    /// <summary>A network as the schemes see it: a unit that projects, one that does not, a classifier.</summary>
    static readonly ExpectedTensor[] _network =
    [
        new("conv1.weight", [4, 3, 7, 7]), new("bn1.weight", [4]), new("layer1.0.conv1.weight", [4, 4, 3, 3]), new("layer1.0.bn1.weight", [4]),
        new("layer2.0.conv1.weight", [8, 4, 3, 3]), new("layer2.0.downsample.0.weight", [8, 4, 1, 1]), new("layer2.0.downsample.1.weight", [8]),
        new("fc.weight", [10, 8]), new("fc.bias", [10]),
    ];

    static readonly string[] _ofTransformers =
    [
        "embedder.embedder.convolution.weight", "embedder.embedder.normalization.weight", "encoder.stages.0.layers.0.layer.0.convolution.weight",
        "encoder.stages.0.layers.0.layer.0.normalization.weight", "encoder.stages.1.layers.0.layer.0.convolution.weight",
        "encoder.stages.1.layers.0.shortcut.convolution.weight", "encoder.stages.1.layers.0.shortcut.normalization.weight",
    ];

    static IEnumerable<string> Body(string prefix) => _network[..^2].Select(tensor => prefix + tensor.Name);

    static string[] Head(string name) => [name + ".weight", name + ".bias"];

    /// <summary>The names of files, of which the last two are those of the classifier.</summary>
    public static TheoryData<string[]> Complete => new()
    {
        { [.. Body(""), .. Head("fc")] },
        { [.. Body(""), .. Head("linear")] },
        { [.. Body(""), .. Head("last_linear")] },
        { [.. Body(""), .. Head("classifier.1")] },
        { [.. Body(""), .. Head("head.fc")] },
        { [.. Body("model."), .. Head("model.fc.1")] },
        { [.. Body("module.backbone."), .. Head("module.head.fc")] },
        { [.. Body("backbone."), .. Head("head.fc")] },
        { [.. Body("backbone."), .. Head("classifier")] },
        { [.. Body("net.backbone."), .. Head("net.linear")] },
        { [.. _ofTransformers.Select(name => "resnet." + name), .. Head("classifier.1")] },
        { [.. _ofTransformers.Select(name => "model.resnet." + name), .. Head("model.classifier.1")] },
        { [.. _ofTransformers, .. Head("classifier.1")] },
    };

    [Theory, MemberData(nameof(Complete))]
    public void A_file_of_any_library_is_loaded_with_its_head_and_without(string[] names)
    {
        var mapping = NameMapping.Match("f", File(names), _network);
        Assert.Equal(names, _network.Select(tensor => mapping.Tensors[tensor.Name].Name));
        Assert.Empty(mapping.LeftOut);

        var bare = File(names[..^2]);
        Assert.Contains("2 missing: ", Assert.Throws<WeightsException>(() => NameMapping.Match("f", bare, _network)).Message, StringComparison.Ordinal);
        mapping = NameMapping.Match("f", bare, _network, replaced: "fc");
        Assert.Equal(["fc.weight", "fc.bias"], mapping.LeftOut);
        Assert.Equal(names[..^2], mapping.Tensors.Values.Select(tensor => tensor.Name));

        // A classifier of other classes.
        mapping = NameMapping.Match("f", File(names, classes: 3), _network, replaced: "fc");
        Assert.Equal(["fc.weight", "fc.bias"], mapping.LeftOut);
    }

    [Fact]
    public void An_error_names_the_scheme_and_has_its_names()
    {
        var file = StateDict.Of(
        [
            .. Tensors([.. _ofTransformers.Select(name => "model.resnet." + name), .. Head("model.classifier.1")]).Skip(1),
            Tensor("model.resnet.encoder.stages.4.layers.0.layer.0.convolution.weight", 2), Tensor("model.criterion.weight", 3),
        ]);
        var error = Assert.Throws<WeightsException>(() => NameMapping.Match("f", file, _network));
        Assert.Contains("its names are those of Hugging Face transformers", error.Message, StringComparison.Ordinal);
        Assert.Contains("1 missing: resnet.embedder.embedder.convolution.weight [4, 3, 7, 7]", error.Message, StringComparison.Ordinal);
        Assert.Contains("not of the network: resnet.encoder.stages.4.layers.0.layer.0.convolution.weight [2]", error.Message, StringComparison.Ordinal);

        error = Assert.Throws<WeightsException>(() => NameMapping.Match("f", StateDict.Of([Tensor("a.weight", 2)]), _network));
        Assert.Contains("its names are of no known scheme; 9 missing: conv1.weight [4, 3, 7, 7]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_wrappers_keep_beside_a_backbone_is_theirs()
    {
        // DINO: a student and a teacher in dictionaries of their own, each with a head that is no classifier.
        var file = StateDict.Of(
        [
            .. Tensors(Body("student.module.backbone.")), Tensor("student.module.head.mlp.0.weight", 2, 8),
            .. Tensors(Body("teacher.backbone.")), Tensor("teacher.head.mlp.0.weight", 2, 8), Tensor("dino_loss.center", 1, 2),
        ]);
        var error = Assert.Throws<WeightsException>(() => NameMapping.Match("f", file, _network, replaced: "fc"));
        Assert.Contains("2 times", error.Message, StringComparison.Ordinal);
        Assert.Contains("\"student.module.backbone\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("\"teacher.backbone\"", error.Message, StringComparison.Ordinal);
        Assert.Equal(Body("teacher.backbone."), NameMapping.Match("f", file, _network, replaced: "fc", key: "teacher").Tensors.Values.Select(tensor => tensor.Name));
        // MoCo: a query's encoder and a key's, with heads in place of the classifier.
        file = StateDict.Of(
        [
            .. Tensors(Body("module.encoder_q.")), Tensor("module.encoder_q.fc.0.weight", 8, 8),
            .. Tensors(Body("module.encoder_k.")), Tensor("module.encoder_k.fc.0.weight", 8, 8), Tensor("module.queue", 2, 2),
        ]);
        Assert.Equal(Body("module.encoder_q."), NameMapping.Match("f", file, _network, replaced: "fc", key: "module.encoder_q").Tensors.Values.Select(tensor => tensor.Name));
    }

    /// <summary>mmpretrain counts the poolings of ResNet-D's shortcuts where there are any: not in the first stage, whose stride is 1.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Deep_stems_of_mmpretrain_are_found(bool averages)
    {
        var (conv, norm) = averages ? (1, 2) : (0, 1);
        ExpectedTensor[] network =
        [
            new("conv1.0.weight", [2, 3, 3, 3]), new("conv1.1.weight", [2]), new("conv1.3.weight", [2, 2, 3, 3]), new("conv1.4.weight", [2]), new("conv1.6.weight", [4, 2, 3, 3]), new("bn1.weight", [4]),
            new($"layer1.0.downsample.{conv}.weight", [8, 4, 1, 1]), new($"layer1.0.downsample.{norm}.weight", [8]),
            new($"layer2.0.downsample.{conv}.weight", [16, 8, 1, 1]), new($"layer2.0.downsample.{norm}.weight", [16]), new("fc.weight", [10, 16]), new("fc.bias", [10]),
        ];
        string[] names =
        [
            "backbone.stem.0.conv.weight", "backbone.stem.0.bn.weight", "backbone.stem.1.conv.weight", "backbone.stem.1.bn.weight", "backbone.stem.2.conv.weight", "backbone.stem.2.bn.weight",
            "backbone.layer1.0.downsample.0.weight", "backbone.layer1.0.downsample.1.weight",
            $"backbone.layer2.0.downsample.{conv}.weight", $"backbone.layer2.0.downsample.{norm}.weight", "head.fc.weight", "head.fc.bias",
        ];
        var file = StateDict.Of([.. names.Zip(network, (name, tensor) => Tensor(name, [.. tensor.Shape]))]);
        Assert.Equal(names, NameMapping.Match("f", file, network).Tensors.Values.Select(tensor => tensor.Name));
        var scheme = NameScheme.Recognize(names)!;
        Assert.Equal(averages ? "mmpretrain (ResNet-D)" : "mmpretrain (ResNet-C)", scheme.Name);
        Assert.Equal(network.Select(tensor => tensor.Name), names.Select(scheme.ToOurs));
    }

    static WeightTensor Tensor(string name, params int[] shape) => new(name, [.. shape], new float[shape.Aggregate(1, (a, b) => a * b)]);

    /// <summary>Tensors of the network's shapes, in its order.</summary>
    static IEnumerable<WeightTensor> Tensors(IEnumerable<string> names, int classes = 10) => names.Zip(_network, (name, tensor) =>
        Tensor(name, tensor.Name.StartsWith("fc", StringComparison.Ordinal) ? [classes, .. tensor.Shape[1..]] : [.. tensor.Shape]));

    static Dictionary<string, WeightTensor> File(IEnumerable<string> names, int classes = 10) => StateDict.Of([.. Tensors(names, classes)]);
}
