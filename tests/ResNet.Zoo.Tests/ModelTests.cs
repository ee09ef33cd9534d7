using ResNet.Dsl;
using ResNet.Runtime;

namespace ResNet.Zoo.Tests;

/// <summary>The entries of the zoo, without weights.</summary>
public class ModelTests
{
    public static TheoryData<string> Names => [.. Models.All.Select(model => model.Name)];

    [Fact]
    public void EveryCompiledNetworkIsAnEntryOfItsOwn()
    {
        var classes = typeof(Models).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Network)) && !type.IsNested);
        Assert.Equal(classes.Select(type => type.Name).Order(), Models.All.Select(model => model.CompiledClass.Name).Order());
        Assert.Equal(Models.All.Count, Models.All.Select(model => model.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Equal(Models.All, typeof(Models).GetProperties().Where(property => property.PropertyType == typeof(Model)).Select(property => property.GetValue(null)));
    }

    [Theory, MemberData(nameof(Names))]
    public void AnEntryIsItsCompiledClass(string name)
    {
        var model = Models.Find(name.ToUpperInvariant());
        using var network = model.Create(classes: model.Define().Output.Channels);
        Assert.Equal(model.CompiledClass, network.GetType());
        Assert.Equal(network.Definition, model.Define());
        Assert.Equal(model.CompiledClass.Name, network.Definition.Name);
    }

    [Fact]
    public void OtherSizesArePlanned()
    {
        using var network = Models.ResNet18.Create(classes: 37, inputSize: (64, 96), inputChannels: 4);
        Assert.NotEqual(typeof(ResNet18), network.GetType());
        Assert.Equal((new Shape(4, 64, 96), new Shape(37, 1, 1)), (network.Definition.Input, network.Definition.Output));
        Assert.Equal(37, network.Predict(new Tensor(1, 4, 64, 96)).Data.Length);
        Assert.Equal(37, Models.CifarResNet1202.Define(classes: 37).Output.Channels);
    }

    [Fact]
    public void LargerImagesMakeAVggFullyConvolutional()
    {
        var parameters = Models.Vgg16.Define().Layers().SelectMany(layer => layer.Parameters);
        var larger = Models.Vgg16.Define(inputSize: (256, 320)).Layers();
        Assert.Equal(parameters.Select(p => (p.Name, p.Elements)), larger.SelectMany(layer => layer.Parameters).Select(p => (p.Name, p.Elements)));
        Assert.DoesNotContain(larger, layer => layer.Layer is Dense);
    }

    [Fact]
    public void SizesThatDoNotFitAreRefused()
    {
        Assert.Throws<NetworkException>(() => Models.ResNet18.Create(classes: 0));
        Assert.Throws<NetworkException>(() => Models.ResNet18.Create(inputSize: (8, 224)));
        Assert.Throws<NetworkException>(() => Models.ResNet18.Create(inputChannels: -1));
    }

    [Theory]
    [InlineData("resnet51", "There is no resnet51: resnet has 18, 34, 50, 101, 152 layers")]
    [InlineData("resnext50", "did you mean resnext50_32x4d")]
    [InlineData("cifar-wide28-12", "did you mean cifar-wide28-10")]
    [InlineData("wide_resnet50_3", "did you mean wide_resnet50_2")]
    [InlineData("vgg", "did you mean vgg11 or vgg13 or vgg16")]
    [InlineData("vgg17", "There is no vgg17: vgg has 11, 13, 16, 19 layers")]
    [InlineData("alexnet", "expected one of resnet18, resnet34")]
    [InlineData("", "There is no model ")]
    public void AWrongNameIsExplained(string name, string expected)
    {
        Assert.False(Models.TryFind(name, out var model));
        Assert.Null(model);
        Assert.Contains(expected, Assert.Throws<ArgumentException>(() => Models.Find(name)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryPublishedFileBelongsToAModel()
    {
        var published = Models.All.Where(model => model.Pretrained is not null).ToDictionary(model => model.Name, model => model.Pretrained!);
        Assert.Equal(PublishedWeights.Files.Keys.Order(), published.Keys.Order());
        foreach (var (name, weights) in published)
        {
            Assert.Equal(PublishedWeights.Files[name], weights.File);
            Assert.Equal($"https://download.pytorch.org/models/{weights.File}", weights.Address.AbsoluteUri);
            Assert.Matches("^[0-9a-f]{8}$", weights.Hash);
            Assert.Equal((256, 224, 224), (weights.Preprocessing.Resize, weights.Preprocessing.Height, weights.Preprocessing.Width));
            Assert.InRange(weights.Top1, 0.69, weights.Top5);
        }
        // Deeper networks of a family are better: a slip in the figures would show.
        foreach (var family in (string[][])[["resnet18", "resnet34", "resnet50", "resnet101", "resnet152"], ["vgg11", "vgg13", "vgg16", "vgg19"], ["vgg11_bn", "vgg13_bn", "vgg16_bn", "vgg19_bn"]])
        {
            var top1 = family.Select(name => published[name].Top1).ToList();
            Assert.Equal(top1.Order(), top1);
        }
    }
}
