namespace ResNet.Dsl.Tests.Detection;

public class DetectorTests
{
    static DetectorDefinition FasterRcnn(Action<FasterRcnnAttribute>? change = null)
    {
        var attribute = new FasterRcnnAttribute { Backbone = 18, Classes = 20 };
        change?.Invoke(attribute);
        return attribute.Define("net");
    }

    static DetectorDefinition Own(Action<DetectorAttribute>? change = null, Action<NetworkBuilder>? features = null, Action<NetworkBuilder>? regions = null)
    {
        var attribute = new DetectorAttribute { Classes = 3, AnchorSizes = [8, 16], RegionSize = 8 };
        change?.Invoke(attribute);
        return attribute.Compose("net", features ?? (net => net.Input(3, 64, 96).Conv(8, 3, stride: 4, padding: 1)), regions ?? (roi => roi.GlobalAveragePool()));
    }

    static IEnumerable<string> Outputs(NetworkDefinition network) => network.Outputs.Select(output => $"{output.Name} {output.Shape}");

    /// <summary>He et al. 2015, section 4.3: all up to conv4 is shared, conv5 classifies regions of 14×14. Sizes as torchvision's C4 model has them for 600×1000.</summary>
    [Theory]
    [InlineData(18, 256, 512)]
    [InlineData(34, 256, 512)]
    [InlineData(50, 1024, 2048)]
    [InlineData(101, 1024, 2048)]
    [InlineData(152, 1024, 2048)]
    public void A_residual_network_is_divided_before_its_last_stage(int depth, int channels, int vector)
    {
        var detector = FasterRcnn(attribute => attribute.Backbone = depth);
        Assert.Equal([$"features {channels}×38×63", "objectness 9×38×63", "deltas 36×38×63"], Outputs(detector.Trunk));
        Assert.Equal([$"regions {channels}×14×14", "cls_score 21", "bbox_pred 84"], Outputs(detector.Head));
        Assert.Equal((16, 14, 600, 1000), (detector.Settings.Stride, detector.RegionSize, detector.Settings.ShorterSide, detector.Settings.LongerSide));
        Assert.Equal(new Shape(vector, 1, 1), detector.Head.Layers().Single(row => row.Name == "cls_score.fc").Input);
        detector.Validate();

        // What both parts have of the backbone is the classifier's, but for its last layer.
        var classifier = new ResNetAttribute { Depth = depth }.Define("classifier");
        Assert.Equal(
            Parameters(classifier).Where(name => !name.StartsWith("fc.", StringComparison.Ordinal)),
            Parameters(detector.Trunk).Concat(Parameters(detector.Head)).Where(name => name[..3] is not ("rpn" or "cls" or "bbo")));
    }

    [Fact]
    public void Vgg_is_divided_before_its_last_pooling()
    {
        var detector = new FasterRcnnAttribute { Vgg = 16, Classes = 20 }.Define("net");
        Assert.Equal(["features 512×37×62", "objectness 9×37×62", "deltas 36×37×62"], Outputs(detector.Trunk));
        Assert.Equal(["regions 512×7×7", "cls_score 21", "bbox_pred 84"], Outputs(detector.Head));
        Assert.Equal((16, 7), (detector.Settings.Stride, detector.RegionSize));
        Assert.Equal(
            Parameters(new VggAttribute { Depth = 16 }.Define("classifier")).Where(name => !name.StartsWith("classifier.6.", StringComparison.Ordinal)),
            Parameters(detector.Trunk).Concat(Parameters(detector.Head)).Where(name => name[..3] is not ("rpn" or "cls" or "bbo")));
    }

    static IEnumerable<string> Parameters(NetworkDefinition network) => network.Layers().SelectMany(row => row.Parameters).Select(info => info.Name);

    [Fact]
    public void Normalization_is_frozen_unless_said_otherwise()
    {
        Assert.All(Norms(FasterRcnn()), norm => Assert.True(norm.Frozen));
        Assert.All(Norms(FasterRcnn(attribute => attribute.FrozenNormalization = false)), norm => Assert.False(norm.Frozen));

        static BatchNorm[] Norms(DetectorDefinition detector)
        {
            BatchNorm[] norms = [.. detector.Trunk.Layers().Concat(detector.Head.Layers()).Select(row => row.Layer).OfType<BatchNorm>()];
            Assert.Equal(20, norms.Length);
            return norms;
        }
    }

    [Fact]
    public void Options_reach_networks_and_settings()
    {
        var detector = FasterRcnn(attribute =>
        {
            (attribute.Classes, attribute.ShorterSide, attribute.LongerSide) = (3, 300, 500);
            (attribute.AnchorSizes, attribute.AnchorRatios) = ([32, 64, 128, 256.5], [1, 2]);
            (attribute.RoiMethod, attribute.RegionSize, attribute.RpnChannels, attribute.GlobalContext) = (RoiMethod.Pool, 10, 512, true);
        });
        Assert.Equal(new()
        {
            Classes = 3,
            Stride = 16,
            ShorterSide = 300,
            LongerSide = 500,
            AnchorSizes = new([32, 64, 128, 256.5]),
            AnchorRatios = new([1, 2]),
            RoiMethod = RoiMethod.Pool,
            GlobalContext = true,
        }, detector.Settings);
        Assert.Equal(["features 256×19×32", "objectness 8×19×32", "deltas 32×19×32"], Outputs(detector.Trunk));
        Assert.Equal(["regions 256×10×10", "cls_score 4", "bbox_pred 16", "context_cls_score 4", "context_bbox_pred 16"], Outputs(detector.Head));
        Assert.Equal(512, detector.Trunk.Layers().Single(row => row.Name == "rpn.conv").Output.Channels);
        Assert.Equal(10, detector.RegionSize);
        detector.Validate();
    }

    [Fact]
    public void Each_class_may_have_proposals_of_its_own()
    {
        var detector = FasterRcnn(attribute => (attribute.Classes, attribute.ShorterSide, attribute.LongerSide, attribute.PerClassProposals) = (5, 300, 512, true));
        Assert.True(detector.Settings.PerClassProposals);
        Assert.Equal(["features 256×19×32", "objectness 45×19×32", "deltas 180×19×32"], Outputs(detector.Trunk));
        Assert.Equal(["regions 256×14×14", "cls_score 6", "bbox_pred 24"], Outputs(detector.Head));
        detector.Validate();
        Assert.Throws<NetworkException>(() => (detector with { Settings = detector.Settings with { PerClassProposals = false } }).Validate());
    }

    [Fact]
    public void Where_a_bottleneck_has_its_stride_is_an_option()
    {
        Assert.Equal(2, StrideOf(Downsample.In3x3, "layer2.0.conv2"));
        Assert.Equal(1, StrideOf(Downsample.In3x3, "layer2.0.conv1"));
        Assert.Equal(2, StrideOf(Downsample.In1x1, "layer2.0.conv1"));

        static int StrideOf(Downsample downsample, string name) =>
            ((Conv2d)new FasterRcnnAttribute { Backbone = 50, Classes = 20, Downsample = downsample }.Define("net").Trunk.Layers().Single(row => row.Name == name).Layer).Stride;
    }

    [Fact]
    public void Sides_are_those_of_the_input_unless_given()
    {
        Assert.Equal((64, 96), Sides(Own()));
        Assert.Equal((48, 96), Sides(Own(attribute => attribute.ShorterSide = 48)));
        Assert.Equal((64, 128), Sides(Own(attribute => attribute.LongerSide = 128)));
        Assert.Equal((64, 96), Sides(Own(features: net => net.Input(3, 96, 64).Conv(8, 3, stride: 4, padding: 1))));

        static (int, int) Sides(DetectorDefinition detector) => (detector.Settings.ShorterSide, detector.Settings.LongerSide);
    }

    [Fact]
    public void Equal_declarations_are_equal()
    {
        Assert.Equal(FasterRcnn(), FasterRcnn());
        Assert.NotEqual(FasterRcnn(), FasterRcnn(attribute => attribute.Classes = 21));
        Assert.NotEqual(FasterRcnn(), FasterRcnn(attribute => attribute.AnchorSizes = [64, 128, 256]));
        Assert.NotEqual(Own(), Own(regions: roi => roi.Relu().GlobalAveragePool()));
    }

    [Fact]
    public void The_head_begins_with_its_input_as_an_output()
    {
        Assert.True(FasterRcnn().Head.BeginsWithOutput);
        Assert.False(FasterRcnn().Trunk.BeginsWithOutput);
    }

    [Fact]
    public void A_missing_part_is_an_error()
    {
        var attribute = new DetectorAttribute { Classes = 3 };
        Assert.Throws<ArgumentNullException>("features", () => attribute.Compose("net", null!, roi => roi.GlobalAveragePool()));
        Assert.Throws<ArgumentNullException>("regions", () => attribute.Compose("net", net => net.Input(3, 8, 8), null!));
    }

    /// <summary>The strides of every layer that has one, and of layers inside of others.</summary>
    [Theory]
    [InlineData(1, "conv")]
    [InlineData(2, "conv2")]
    [InlineData(6, "pool")]
    [InlineData(2, "average")]
    [InlineData(4, "residual")]
    [InlineData(2, "padded")]
    [InlineData(8, "repeat")]
    [InlineData(4, "branch")]
    public void The_stride_is_the_product_of_all(int stride, string layers)
    {
        var detector = Own(attribute => attribute.RegionSize = 2, net =>
        {
            net.Input(3, 64, 96);
            _ = layers switch
            {
                "conv" => net.Conv(4, 3, dilation: 2).Relu().Tap("here"),
                "conv2" => net.Conv(4, 3, stride: 2),
                "pool" => net.MaxPool(3).MaxPool(3, stride: 2),
                "average" => net.AveragePool(2),
                "residual" => net.Sequence(s => s.Residual(r => r.Conv(4, 3, stride: 4, padding: 1), Shortcut.Projection)),
                "padded" => net.Residual(r => r.Conv(6, 3, stride: 2, padding: 1), Shortcut.ZeroPad),
                "repeat" => net.Repeat(3, n => n.Conv(3, 3, stride: 2, padding: 1)),
                _ => net.Conv(4, 1, stride: 4).Residual(r => r.Conv(4, 3, padding: 1), s => s.Relu()),
            };
        });
        Assert.Equal(stride, detector.Settings.Stride);
    }
}
