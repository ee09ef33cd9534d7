using ResNet.Dsl;

namespace ResNet.Generators.Tests.Diagnostics;

public class ArchitectureTests
{
    [Theory]
    [InlineData("RESNET005", "18, 34, 50, 101, 152", "ResNet([|Depth = 51|])")]
    [InlineData("RESNET005", "There is no ResNet-0", "[|ResNet|]")]
    [InlineData("RESNET005", "There is no ResNet-0", "[|ResNet(Classes = 10)|]")]
    [InlineData("RESNET006", "Classes is 0", "ResNet(Depth = 18, [|Classes = 0|], ImageSize = 64)")]
    [InlineData("RESNET008", "16×16", "ResNet(Depth = 18, [|ImageSize = 16|])")]
    [InlineData("RESNET006", "ImageHeight is -1", "ResNet(Depth = 18, [|ImageHeight = -1|], ImageWidth = 64)")]
    [InlineData("RESNET008", "ImageWidth is at least 17", "ResNet(Depth = 18, ImageHeight = 64, [|ImageWidth = 16|])")]
    [InlineData("RESNET020", "leave out either", "ResNet(Depth = 18, ImageHeight = 64, [|ImageSize = 64|], ImageWidth = 32)")]
    [InlineData("RESNET020", "ImageHeight beside it", "CifarResNet(Depth = 20, [|ImageWidth = 24|])")]
    [InlineData("RESNET020", "bottlenecks", "ResNet(Depth = 18, [|Groups = 32|], WidthPerGroup = 4)")]
    [InlineData("RESNET020", "Plain", "CifarResNet(Depth = 20, Plain = true, [|Shortcut = Shortcut.ZeroPad|])")]
    [InlineData("RESNET020", "Plain", "ResNet(Depth = 18, [|Recompute = true|], Plain = true)")]
    [InlineData("RESNET020", "Plain", "CifarResNet(Depth = 20, Plain = true, [|Shortcut = Shortcut.ExclusiveGating|], GateBias = -5)")]
    [InlineData("RESNET020", "needs a Shortcut with a gate", "ResNet(Depth = 34, [|GateBias = -6|], Shortcut = Shortcut.ConstantScaling)")]
    [InlineData("RESNET006", "GateBias is", "CifarResNet(Depth = 20, Shortcut = Shortcut.ShortcutOnlyGating, [|GateBias = double.NegativeInfinity|])")]
    [InlineData("RESNET005", "6n+2", "CifarResNet([|Depth = 21|])")]
    [InlineData("RESNET005", "6n+4", "CifarWideResNet([|Depth = 26|], Width = 10)")]
    [InlineData("RESNET006", "Width is 0", "[|CifarWideResNet(Depth = 28)|]")]
    [InlineData("RESNET006", "Dropout is 1.5", "CifarWideResNet(Depth = 28, Width = 10, [|Dropout = 1.5|])")]
    [InlineData("RESNET006", "StochasticDepth is 1,", "CifarResNet(Depth = 110, [|StochasticDepth = 1|])")]
    [InlineData("RESNET020", "Plain", "ResNet(Depth = 34, Plain = true, [|StochasticDepth = 0.5|])")]
    [InlineData("RESNET005", "no VGG-18", "Vgg([|Depth = 18|], BatchNorm = true)")]
    [InlineData("RESNET006", "Dropout is -0.5", "Vgg(Depth = 16, [|Dropout = -0.5|])")]
    [InlineData("RESNET007", "7×7 convolution", "Vgg(Depth = 16, FullyConvolutional = true, [|ImageSize = 128|])")]
    public void A_wrong_option_is_marked(string id, string text, string attribute) =>
        MarkedSource.Yields($"{Source.Usings}[{attribute}] partial class Net;", id, text);

    [Fact]
    public void Options_of_every_type_reach_the_architecture()
    {
        var model = Generation.ModelOf(Source.Usings + """
            [CifarResNet(Depth = 164, Classes = 100, ImageHeight = 24, ImageWidth = 40, Unit = Unit.PreActivation, Shortcut = Shortcut.ProjectionAlways,
                Block = Block.Bottleneck, Downsample = Downsample.In3x3)]
            partial class Net;
            """);
        var net = new NetworkBuilder();
        new CifarResNetAttribute
        {
            Depth = 164,
            Classes = 100,
            ImageHeight = 24,
            ImageWidth = 40,
            Unit = Unit.PreActivation,
            Shortcut = Shortcut.ProjectionAlways,
            Block = Block.Bottleneck,
            Downsample = Downsample.In3x3,
        }.Declare(net);
        Assert.Equal(net.Build("Net"), model.Definition);
    }

    [Theory]
    [InlineData("CifarResNet(Depth = 110, Shortcut = Shortcut.ExclusiveGating, GateBias = -7)")]
    [InlineData("ResNet(Depth = 34, Shortcut = Shortcut.ShortcutOnlyGating, GateBias = 0.5)")]
    [InlineData("CifarWideResNet(Depth = 28, Width = 10, Dropout = 0.3)")]
    public void Numbers_that_are_not_whole_reach_the_architecture(string attribute)
    {
        ArchitectureAttribute architecture = attribute[0] switch
        {
            'R' => new ResNetAttribute { Depth = 34, Shortcut = Shortcut.ShortcutOnlyGating, GateBias = 0.5 },
            _ when attribute.Contains("Wide", StringComparison.Ordinal) => new CifarWideResNetAttribute { Depth = 28, Width = 10, Dropout = 0.3 },
            _ => new CifarResNetAttribute { Depth = 110, Shortcut = Shortcut.ExclusiveGating, GateBias = -7 },
        };
        Assert.Equal(architecture.Define("Net"), Generation.ModelOf($"{Source.Usings}[{attribute}] partial class Net;").Definition);
    }
}
