namespace ResNet.Dsl.Tests.Architectures;

public class OptionTests
{
    public static TheoryData<string, string, string, ArchitectureAttribute> Errors => new()
    {
        { "RESNET005", "Depth", "18, 34, 50, 101, 152", new ResNetAttribute() },
        { "RESNET005", "Depth", "no ResNet-51", new ResNetAttribute { Depth = 51 } },
        { "RESNET005", "Depth", "6n+2", new CifarResNetAttribute() },
        { "RESNET005", "Depth", "no ResNet-2 ", new CifarResNetAttribute { Depth = 2 } },
        { "RESNET005", "Depth", "no ResNet--4 ", new CifarResNetAttribute { Depth = -4 } },
        { "RESNET005", "Depth", "no ResNet-21 ", new CifarResNetAttribute { Depth = 21 } },
        { "RESNET005", "Depth", "at most 10000", new CifarResNetAttribute { Depth = 60_002 } },
        { "RESNET005", "Depth", "9n+2", new CifarResNetAttribute { Depth = 32, Block = Block.Bottleneck } },
        { "RESNET005", "Depth", "with basic blocks", new CifarResNetAttribute { Depth = 1001, Block = Block.Basic } },
        { "RESNET006", "Classes", "Classes is 0", new ResNetAttribute { Depth = 18, Classes = 0 } },
        { "RESNET006", "InputChannels", "InputChannels is -1", new ResNetAttribute { Depth = 18, InputChannels = -1 } },
        { "RESNET006", "ImageSize", "ImageSize is 0", new ResNetAttribute { Depth = 18, ImageSize = 0 } },
        { "RESNET006", "ImageSize", "more than 2147483647", new ResNetAttribute { Depth = 18, ImageSize = 16_000 } },
        { "RESNET006", "ImageSize", "ImageSize is 100000", new CifarResNetAttribute { Depth = 20, ImageSize = 100_000 } },
        { "RESNET006", "Unit", "Original, PreActivation", new CifarResNetAttribute { Depth = 20, Unit = (Unit)9 } },
        { "RESNET006", "Shortcut", "Shortcut is 99", new CifarResNetAttribute { Depth = 20, Shortcut = (Shortcut)99 } },
        { "RESNET006", "GateBias", "GateBias is NaN", new CifarResNetAttribute { Depth = 20, Shortcut = Shortcut.ExclusiveGating, GateBias = double.NaN } },
        { "RESNET006", "GateBias", "not finite", new ResNetAttribute { Depth = 18, Shortcut = Shortcut.ShortcutOnlyGating, GateBias = 1e39 } },
        { "RESNET006", "Downsample", "In3x3, In1x1", new ResNetAttribute { Depth = 50, Downsample = (Downsample)9 } },
        { "RESNET006", "Stem", "Single, Deep", new ResNetAttribute { Depth = 50, Stem = (Stem)9 } },
        { "RESNET020", "Shortcut", "plain", new ResNetAttribute { Depth = 50, Plain = true, Stem = Stem.Deep, Shortcut = Shortcut.AveragedProjection } },
        { "RESNET020", "GateBias", "needs a Shortcut with a gate", new ResNetAttribute { Depth = 50, Shortcut = Shortcut.AveragedProjection, GateBias = -6 } },
        { "RESNET006", "Block", "Auto, Basic, Bottleneck", new CifarResNetAttribute { Depth = 20, Block = (Block)9 } },
        { "RESNET006", "Groups", "Groups is 0", new ResNetAttribute { Depth = 50, Groups = 0 } },
        { "RESNET006", "WidthPerGroup", "WidthPerGroup is 0", new ResNetAttribute { Depth = 50, WidthPerGroup = 0 } },
        { "RESNET006", "WidthPerGroup", "16384 channels wide", new ResNetAttribute { Depth = 50, WidthPerGroup = 2048 } },
        { "RESNET006", "Groups", "more than 8192", new ResNetAttribute { Depth = 50, Groups = 65_536 } },
        { "RESNET008", "ImageSize", "leaves layer4 feature maps of 1×1", new ResNetAttribute { Depth = 18, ImageSize = 16 } },
        { "RESNET008", "ImageSize", "leaves layer2 feature maps of 1×1", new ResNetAttribute { Depth = 18, ImageSize = 4 } },
        { "RESNET008", "ImageSize", "ImageSize is at least 17", new ResNetAttribute { Depth = 18, ImageSize = 1 } },
        { "RESNET008", "ImageSize", "ImageSize is at least 3", new CifarResNetAttribute { Depth = 20, ImageSize = 2 } },
        { "RESNET006", "ImageHeight", "ImageHeight is 0", new ResNetAttribute { Depth = 18, ImageHeight = 0, ImageWidth = 64 } },
        { "RESNET006", "ImageWidth", "ImageWidth is 16385", new CifarResNetAttribute { Depth = 20, ImageHeight = 32, ImageWidth = 16_385 } },
        { "RESNET006", "ImageWidth", "use a smaller ImageWidth", new CifarResNetAttribute { Depth = 20, ImageHeight = 10_000, ImageWidth = 16_000 } },
        { "RESNET006", "ImageHeight", "use a smaller ImageHeight", new CifarResNetAttribute { Depth = 20, ImageHeight = 16_000, ImageWidth = 10_000 } },
        { "RESNET008", "ImageHeight", "of 16×64 leaves layer4 feature maps of 1×4", new ResNetAttribute { Depth = 18, ImageHeight = 16, ImageWidth = 64 } },
        { "RESNET008", "ImageWidth", "of 64×2 leaves layer3 feature maps of 32×1", new CifarResNetAttribute { Depth = 20, ImageHeight = 64, ImageWidth = 2 } },
        { "RESNET020", "ImageSize", "leave out either", new ResNetAttribute { Depth = 18, ImageSize = 224, ImageWidth = 64 } },
        { "RESNET020", "ImageHeight", "needs an ImageWidth", new ResNetAttribute { Depth = 18, ImageHeight = 64 } },
        { "RESNET020", "ImageWidth", "needs an ImageHeight", new CifarResNetAttribute { Depth = 20, ImageWidth = 64 } },
        { "RESNET020", "Shortcut", "plain", new ResNetAttribute { Depth = 18, Plain = true, Shortcut = Shortcut.Projection } },
        { "RESNET020", "Unit", "plain", new CifarResNetAttribute { Depth = 20, Plain = true, Unit = Unit.PreActivation } },
        { "RESNET020", "Recompute", "plain", new CifarResNetAttribute { Depth = 20, Plain = true, Recompute = true } },
        { "RESNET020", "Shortcut", "identity", new ResNetAttribute { Depth = 18, Shortcut = Shortcut.Identity } },
        { "RESNET020", "Shortcut", "plain", new CifarResNetAttribute { Depth = 20, Plain = true, Shortcut = Shortcut.Dropout } },
        { "RESNET020", "GateBias", "needs a Shortcut with a gate", new CifarResNetAttribute { Depth = 20, GateBias = -6 } },
        { "RESNET020", "GateBias", "ExclusiveGating or ShortcutOnlyGating", new ResNetAttribute { Depth = 18, Shortcut = Shortcut.FrozenGating, GateBias = 0 } },
        { "RESNET020", "GateBias", "needs a Shortcut with a gate", new CifarResNetAttribute { Depth = 20, Plain = true, GateBias = -6 } },
        { "RESNET005", "Depth", "no Wide ResNet-0 ", new CifarWideResNetAttribute { Width = 8 } },
        { "RESNET005", "Depth", "6n+4 (16, 22, 28, 40 …)", new CifarWideResNetAttribute { Depth = 26, Width = 10 } },
        { "RESNET005", "Depth", "no Wide ResNet-4 ", new CifarWideResNetAttribute { Depth = 4, Width = 1 } },
        { "RESNET005", "Depth", "at most 10000", new CifarWideResNetAttribute { Depth = 60_004, Width = 1 } },
        { "RESNET006", "Width", "Width is 0", new CifarWideResNetAttribute { Depth = 28 } },
        { "RESNET006", "Width", "between 1 and 128", new CifarWideResNetAttribute { Depth = 28, Width = 129 } },
        { "RESNET006", "Dropout", "Dropout is 1", new CifarWideResNetAttribute { Depth = 28, Width = 10, Dropout = 1 } },
        { "RESNET006", "Dropout", "Dropout is NaN", new CifarWideResNetAttribute { Depth = 28, Width = 10, Dropout = double.NaN } },
        { "RESNET006", "ImageSize", "use a smaller ImageSize", new CifarWideResNetAttribute { Depth = 10, Width = 128, ImageSize = 1024 } },
        { "RESNET008", "ImageSize", "ImageSize is at least 3", new CifarWideResNetAttribute { Depth = 16, Width = 8, ImageSize = 2 } },
        { "RESNET020", "Downsample", "bottlenecks", new ResNetAttribute { Depth = 34, Downsample = Downsample.In1x1 } },
        { "RESNET020", "Downsample", "bottlenecks", new CifarResNetAttribute { Depth = 20, Downsample = Downsample.In1x1 } },
        { "RESNET020", "Groups", "50, 101 or 152", new ResNetAttribute { Depth = 18, Groups = 32 } },
        { "RESNET020", "WidthPerGroup", "50, 101 or 152", new ResNetAttribute { Depth = 34, WidthPerGroup = 128 } },
        { "RESNET006", "StochasticDepth", "StochasticDepth is 1,", new CifarResNetAttribute { Depth = 20, StochasticDepth = 1 } },
        { "RESNET006", "StochasticDepth", "StochasticDepth is -0.5", new ResNetAttribute { Depth = 18, StochasticDepth = -0.5 } },
        { "RESNET020", "StochasticDepth", "plain", new CifarResNetAttribute { Depth = 20, Plain = true, StochasticDepth = 0.5 } },
        { "RESNET005", "Depth", "no VGG-0; Depth is one of 11, 13, 16, 19", new VggAttribute() },
        { "RESNET006", "Classes", "Classes is 70000", new VggAttribute { Depth = 16, Classes = 70_000 } },
        { "RESNET006", "Dropout", "Dropout is 1,", new VggAttribute { Depth = 16, Dropout = 1 } },
        { "RESNET006", "Dropout", "Dropout is NaN", new VggAttribute { Depth = 16, Dropout = double.NaN } },
        { "RESNET006", "ImageSize", "vector of 73728 values", new VggAttribute { Depth = 16, ImageSize = 384, FullyConvolutional = false } },
        { "RESNET006", "ImageSize", "ImageSize is 100000", new VggAttribute { Depth = 16, ImageSize = 100_000 } },
        { "RESNET007", "ImageSize", "leaves feature maps of 6×6", new VggAttribute { Depth = 16, ImageSize = 223, FullyConvolutional = true } },
        { "RESNET007", "ImageWidth", "ImageWidth is at least 224", new VggAttribute { Depth = 16, ImageHeight = 640, ImageWidth = 200, FullyConvolutional = true } },
        { "RESNET008", "ImageSize", "ImageSize is at least 32", new VggAttribute { Depth = 16, ImageSize = 31 } },
        { "RESNET020", "Recompute", "no residual units", new VggAttribute { Depth = 16, Recompute = true } },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public void Options_that_make_no_network_are_refused_by_name(string id, string property, string text, ArchitectureAttribute architecture) =>
        Declare.Fails(id, property, () => architecture.Define("net"), text);

    [Fact]
    public void The_smallest_images_that_the_errors_name_do()
    {
        Assert.Equal(new Shape(1000, 1, 1), new ResNetAttribute { Depth = 50, ImageSize = 17 }.Define("net").Output);
        Assert.Equal(new Shape(10, 1, 1), new CifarResNetAttribute { Depth = 20, ImageSize = 3 }.Define("net").Output);
    }

    [Fact]
    public void Images_are_square_or_have_a_height_and_a_width()
    {
        Assert.Equal(new Shape(3, 224, 224), new ResNetAttribute { Depth = 18 }.Define("net").Input);
        Assert.Equal(new Shape(3, 64, 64), new ResNetAttribute { Depth = 18, ImageSize = 64 }.Define("net").Input);
        Assert.Equal(new Shape(3, 17, 640), new ResNetAttribute { Depth = 18, ImageHeight = 17, ImageWidth = 640 }.Define("net").Input);
        Assert.Equal(new Shape(3, 24, 40), new CifarResNetAttribute { Depth = 20, ImageHeight = 24, ImageWidth = 40 }.Define("net").Input);
        Assert.Equal(new CifarResNetAttribute { Depth = 20, ImageSize = 48 }.Define("net"), new CifarResNetAttribute { Depth = 20, ImageHeight = 48, ImageWidth = 48 }.Define("net"));
    }

    /// <summary>No combination fails but by a <see cref="NetworkException"/> that names one of the attribute's own properties.</summary>
    [Fact]
    public void Every_combination_is_a_network_or_an_error_of_an_option()
    {
        var properties = typeof(ResNetAttribute).GetProperties().Concat(typeof(CifarResNetAttribute).GetProperties()).Select(p => p.Name).ToHashSet();
        var networks = 0;
        foreach (var unit in Enum.GetValues<Unit>())
            foreach (var shortcut in Enum.GetValues<Shortcut>())
                foreach (var size in (int[])[1, 3, 17, 33, 16_384])
                    foreach (var width in (int[])[1, 64, 1024])
                        foreach (var groups in (int[])[1, 3, 1000])
                            networks += Declares(new ResNetAttribute { Depth = 50, Unit = unit, Shortcut = shortcut, ImageSize = size, WidthPerGroup = width, Groups = groups })
                                + Declares(new CifarResNetAttribute { Depth = groups > 3 ? 164 : groups * 9 + 2, Unit = unit, Shortcut = shortcut, ImageSize = size, InputChannels = width, Downsample = Downsample.In1x1 });
        Assert.InRange(networks, 500, 4000);

        int Declares(ArchitectureAttribute architecture)
        {
            try
            {
                return architecture.Define("net").Output.IsVector ? 1 : 0;
            }
            catch (NetworkException error)
            {
                Assert.Contains(error.Argument ?? "nothing", properties);
                return 0;
            }
        }
    }
}
