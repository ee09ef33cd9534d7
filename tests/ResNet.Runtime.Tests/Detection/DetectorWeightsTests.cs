using ResNet.Dsl;
using ResNet.Runtime.Data;
using ResNet.Tests;

namespace ResNet.Runtime.Tests.Detection;

public class DetectorWeightsTests
{
    static readonly ShapesDetection _pictures = new(2, DatasetSplit.Test, side: 64);

    [Fact]
    public void A_saved_detector_opens_with_all_that_it_is()
    {
        using var folder = new TemporaryFolder();
        using var detector = SmallDetectors.WithContrast(globalContext: true);
        detector.Labels = ShapesDetection.Names;
        detector.Metrics = new Dictionary<string, double> { ["map"] = 0.25 };
        detector.Trunk.Preprocessing = detector.Trunk.Preprocessing with { Mean = [0.1f, 0.2f, 0.3f] };
        detector.Save(folder.File("detector.safetensors"));
        using var opened = Detector.Open(folder.File("detector.safetensors"));
        Assert.Equal(detector.Definition, opened.Definition);
        Assert.Equal(ShapesDetection.Names, opened.Labels);
        Assert.Equal(0.25, opened.Metrics["map"]);
        opened.Options = detector.Options;
        Assert.Equal(detector.Detect(_pictures.Load(0), 0.1), opened.Detect(_pictures.Load(0), 0.1));
        Assert.Equal(0.2f, opened.Trunk.Preprocessing.Mean[1]);
    }

    [Fact]
    public void Detectron2s_names_and_orders_load()
    {
        using var folder = new TemporaryFolder();
        using var detector = Detector.Create(new FasterRcnnAttribute { Backbone = 18, Classes = 4, AnchorSizes = [64, 128], AnchorRatios = [0.5, 1, 2] }.Define("coco"));
        var random = new Random(3);
        var theirs = new Dictionary<string, WeightTensor>();
        foreach (var tensor in detector.Trunk.Parameters.Tensors.Concat(detector.Head.Parameters.Tensors))
        {
            var name = DetectronName(tensor.Name);
            int[] shape = [.. tensor.Shape];
            if (name.Contains("box_predictor.bbox_pred", StringComparison.Ordinal)) shape[0] -= 4;
            var values = new float[shape.Aggregate(1, (product, size) => product * size)];
            for (var i = 0; i < values.Length; i++) values[i] = random.NextSingle() + 0.1f;
            theirs.Add(name, new(name, [.. shape], values));
        }
        WeightFile.Save(folder.File("model.safetensors"),
            [.. theirs.Values, new("pixel_mean", [3, 1, 1], new float[3]), new("proposal_generator.anchor_generator.cell_anchors.0", [6, 4], new float[24])]);
        detector.Load(folder.File("model.safetensors"));

        Assert.Equal(Values("backbone.stem.conv1.weight"), detector.Trunk.Parameters["conv1.weight"].Read().ToArray());
        Assert.Equal(Values("backbone.stem.conv1.norm.running_var"), detector.Trunk.Parameters["bn1.running_var"].Read().ToArray());
        Assert.Equal(Values("backbone.res4.0.shortcut.weight"), detector.Trunk.Parameters["layer3.0.downsample.0.weight"].Read().ToArray());
        Assert.Equal(Values("backbone.res3.1.conv2.norm.bias"), detector.Trunk.Parameters["layer2.1.bn2.bias"].Read().ToArray());
        Assert.Equal(Values("roi_heads.res5.0.shortcut.norm.weight"), detector.Head.Parameters["layer4.0.downsample.1.weight"].Read().ToArray());
        // Background is their last class, and our first.
        var logits = Values("roi_heads.box_predictor.cls_score.bias");
        Assert.Equal([logits[4], .. logits[..4]], detector.Head.Parameters["cls_score.fc.bias"].Read().ToArray());
        Assert.Equal([0, 0, 0, 0, .. Values("roi_heads.box_predictor.bbox_pred.bias")], detector.Head.Parameters["bbox_pred.fc.bias"].Read().ToArray());
        // Their anchor of size s and ratio r is number 3s + r; ours is 2r + s.
        var objectness = Values("proposal_generator.rpn_head.objectness_logits.bias");
        Assert.Equal([objectness[0], objectness[3], objectness[1], objectness[4], objectness[2], objectness[5]], detector.Trunk.Parameters["rpn.objectness.conv.bias"].Read().ToArray());
        var deltas = Values("proposal_generator.rpn_head.anchor_deltas.bias");
        Assert.Equal([.. deltas[..4], .. deltas[12..16]], detector.Trunk.Parameters["rpn.deltas.conv.bias"].Read()[..8].ToArray());

        float[] Values(string name)
        {
            var values = new float[theirs[name].Shape.Aggregate(1, (product, size) => product * size)];
            theirs[name].CopyTo(values);
            return values;
        }
    }

    [Theory]
    [InlineData("rpn.head.conv.0.0.", "rpn.head.conv.")]
    [InlineData("backbone.body.", "backbone.body.")]
    public void Torchvisions_names_load(string now, string then)
    {
        using var folder = new TemporaryFolder();
        using var detector = Detector.Create(new FasterRcnnAttribute { Backbone = 18, Classes = 20 }.Define("voc"));
        FormulaWeights.Write(detector, "names", folder.File("now.safetensors"));
        using (var file = WeightFile.Open(folder.File("now.safetensors")))
            WeightFile.Save(folder.File("then.safetensors"), [.. file.Tensors.Select(tensor => Renamed(tensor, tensor.Name.Replace(now, then, StringComparison.Ordinal)))]);
        detector.Load(folder.File("then.safetensors"));
        using var expected = WeightFile.Open(folder.File("now.safetensors"));
        foreach (var tensor in detector.Trunk.Parameters.Tensors.Concat(detector.Head.Parameters.Tensors))
        {
            var values = new float[tensor.Length];
            expected[FormulaWeights.TorchvisionName(tensor.Name)].CopyTo(values);
            Assert.Equal(values, tensor.Read().ToArray());
        }
    }

    [Fact]
    public void A_classifiers_weights_become_the_backbone()
    {
        using var folder = new TemporaryFolder();
        using var classifier = Network.Create(new ResNetAttribute { Depth = 18, Classes = 7 }.Define("classifier"));
        classifier.Save(folder.File("classifier.safetensors"));
        using var detector = Detector.Create(new FasterRcnnAttribute { Backbone = 18, Classes = 20 }.Define("voc"));
        var rpn = detector.Trunk.Parameters["rpn.conv.weight"].Read().ToArray();
        // Whichever library's names the classifier has.
        WeightConversion.Convert(folder.File("classifier.safetensors"), folder.File("named.safetensors"), names: WeightNames.Transformers);
        detector.LoadBackbone(folder.File("named.safetensors"));
        Assert.Equal(classifier.Parameters["layer3.1.conv2.weight"].Read().ToArray(), detector.Trunk.Parameters["layer3.1.conv2.weight"].Read().ToArray());
        Assert.Equal(classifier.Parameters["layer4.1.bn2.weight"].Read().ToArray(), detector.Head.Parameters["layer4.1.bn2.weight"].Read().ToArray());
        Assert.Equal(rpn, detector.Trunk.Parameters["rpn.conv.weight"].Read().ToArray());
    }

    [Fact]
    public void Nothing_is_half_loaded()
    {
        using var folder = new TemporaryFolder();
        using var detector = SmallDetectors.WithContrast();
        using var other = Detector.Create(new FasterRcnnAttribute { Backbone = 18, Classes = 20 }.Define("voc"));
        other.Save(folder.File("other.safetensors"));
        var before = detector.Trunk.Parameters.ReadTrained().ToArray();
        Assert.Contains("other.safetensors", Assert.Throws<WeightsException>(() => detector.Load(folder.File("other.safetensors"))).Message, StringComparison.Ordinal);
        Assert.Throws<WeightsException>(() => detector.LoadBackbone(folder.File("other.safetensors")));
        Assert.Equal(before, detector.Trunk.Parameters.ReadTrained().ToArray());
        using var classifier = Network.Create(new ResNetAttribute { Depth = 18, Classes = 7 }.Define("classifier"));
        classifier.Save(folder.File("classifier.safetensors"));
        Assert.Contains("the file is a classifier's", Assert.Throws<WeightsException>(() => Detector.Open(folder.File("classifier.safetensors"))).Message, StringComparison.Ordinal);
        File.WriteAllText(folder.File("broken.safetensors"), "no weights");
        Assert.Throws<WeightsException>(() => Detector.Open(folder.File("broken.safetensors")));
    }

    static WeightTensor Renamed(WeightTensor tensor, string name)
    {
        var values = new float[tensor.Shape.Aggregate(1, (product, size) => product * size)];
        tensor.CopyTo(values);
        return new(name, tensor.Shape, values);
    }

    static string DetectronName(string name)
    {
        foreach (var (ours, theirs) in new[]
        {
            ("rpn.conv.", "proposal_generator.rpn_head.conv."), ("rpn.objectness.conv.", "proposal_generator.rpn_head.objectness_logits."), ("rpn.deltas.conv.", "proposal_generator.rpn_head.anchor_deltas."),
            ("cls_score.fc.", "roi_heads.box_predictor.cls_score."), ("bbox_pred.fc.", "roi_heads.box_predictor.bbox_pred."),
        })
            if (name.StartsWith(ours, StringComparison.Ordinal)) return theirs + name[ours.Length..];
        var layer = name.Replace("downsample.0.", "shortcut.", StringComparison.Ordinal).Replace("downsample.1.", "shortcut.norm.", StringComparison.Ordinal)
            .Replace("bn1.", "conv1.norm.", StringComparison.Ordinal).Replace("bn2.", "conv2.norm.", StringComparison.Ordinal);
        return layer.StartsWith("layer4.", StringComparison.Ordinal) ? "roi_heads.res5." + layer["layer4.".Length..]
            : layer.StartsWith("layer", StringComparison.Ordinal) ? $"backbone.res{layer[5] - '0' + 1}{layer[6..]}"
            : "backbone.stem." + layer;
    }
}
