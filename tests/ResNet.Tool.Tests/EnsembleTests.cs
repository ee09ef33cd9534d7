using ResNet.Runtime;
using ResNet.Runtime.Data;
using ResNet.Runtime.Evaluation;
using ResNet.Runtime.Weights.Initialization;
using ResNet.Zoo;

namespace ResNet.Tool.Tests;

/// <summary><c>--ensemble</c>.</summary>
public sealed class EnsembleTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly string _first, _second, _other, _data;

    public EnsembleTests()
    {
        _first = Save(new CifarResNet20(), "first", 1);
        _second = Save(new CifarResNet20(), "second", 2);
        _other = Save(new CifarPlain20(), "other", 3);
        _data = _folder.Write("some.bin", Tool.DrawnCifar(20, DatasetSplit.Test, 1));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Networks_and_weights_pair_in_their_order()
    {
        string[][] lines =
        [
            ["cifar-resnet20", "cifar-plain20", "--weights", _first, _other],
            ["cifar-resnet20", "cifar-plain20", "--weights", _first, "--weights", _other],
            [_first, _other],
        ];
        var expected = Evaluate(_first, _other);
        foreach (var line in lines)
        {
            var report = await Tool.RunJsonWithProgressAsync(["evaluate", .. line, "--data", _data, "--ensemble", "--average", "probabilities"]);
            Assert.Equal((expected.Top1, expected.Top5), (report.GetProperty("top1Images").GetInt32(), report.GetProperty("top5Images").GetInt32()));
            Assert.Equal($"{_first} + {_other}", report.GetProperty("weights").GetString());
            Assert.Equal(("center-crop", "probabilities"), (report.GetProperty("protocol").GetString(), report.GetProperty("average").GetString()));
        }
    }

    [Fact]
    public async Task One_network_may_have_many_weights()
    {
        var expected = Evaluate(_first, _second);
        var report = await Tool.RunJsonWithProgressAsync("evaluate", "cifar-resnet20", "--weights", _first, _second, "--data", _data, "--ensemble", "--average", "probabilities");
        Assert.Equal((expected.Top1, expected.Top5), (report.GetProperty("top1Images").GetInt32(), report.GetProperty("top5Images").GetInt32()));
        Assert.Equal("cifar-resnet20 + cifar-resnet20", report.GetProperty("model").GetString());
    }

    [Fact]
    public async Task Classifying_takes_networks_before_the_images()
    {
        var image = _folder.File("noise.png");
        var pixels = new byte[3 * 50 * 41];
        new Random(1).NextBytes(pixels);
        Image.FromRgb(50, 41, pixels).SavePng(image);
        using var ensemble = Ensemble.Open([_first, _other]);
        using var classifier = new Classifier(ensemble, protocol: TestProtocol.Flip);
        var expected = classifier.Classify(Image.Load(image), 10);
        string[][] lines = [[_first, _other, image], ["cifar-resnet20", "cifar-plain20", image, "--weights", _first, "--weights", _other]];
        foreach (var line in lines)
        {
            var report = await Tool.RunJsonAsync(["classify", .. line, "--ensemble", "--tta", "flip", "--top", "10"]);
            var predictions = Assert.Single(report.GetProperty("images").EnumerateArray()).GetProperty("predictions").EnumerateArray();
            Assert.All(expected.Zip(predictions), pair => Assert.Equal(pair.First.Probability, pair.Second.GetProperty("probability").GetSingle(), 1e-5));
        }
        Assert.Contains("no images after them", await Tool.RunFailingAsync(1, "classify", _first, _other, "--ensemble"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Numbers_that_do_not_fit_are_named()
    {
        Assert.Contains("There are 2 networks; --ensemble averages", await FailAsync("cifar-resnet20", "--weights", _first, _second), StringComparison.Ordinal);
        Assert.Contains("There are 2 networks; --ensemble averages", await FailAsync(_first, _second), StringComparison.Ordinal);
        Assert.Contains("there are 2 networks and 1 file of weights", await FailAsync("cifar-resnet20", "cifar-plain20", "--weights", _first, "--ensemble"), StringComparison.Ordinal);
        Assert.Contains("there are 2 networks and 3 files of weights", await FailAsync("cifar-resnet20", "cifar-plain20", "--weights", _first, _second, _other, "--ensemble"), StringComparison.Ordinal);
        Assert.Contains("nothing to average", await FailAsync("cifar-resnet20", "--weights", _first, "--ensemble"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Classes_that_differ_are_named()
    {
        var animals = Save(new CifarResNet20(), "animals", 4, [.. Labels.Cifar10.Take(9), "whale"]);
        var error = await FailAsync(_first, animals, "--ensemble");
        Assert.Contains("only network 1 (CifarResNet20) has \"truck\"; only network 2 (CifarResNet20) has \"whale\"", error, StringComparison.Ordinal);
        // Names that are given hold for all.
        var report = await Tool.RunJsonWithProgressAsync("evaluate", _first, animals, "--data", _data, "--ensemble", "--labels", "cifar10");
        Assert.Equal(20, report.GetProperty("images").GetInt32());
    }

    EvaluationResult Evaluate(params string[] files)
    {
        using var ensemble = Ensemble.Open(files);
        return Evaluator.Evaluate(ensemble, ImageDataset.Open(_data, DatasetSplit.Test), new() { Protocol = TestProtocol.CenterCrop with { Average = ScoreAverage.Probabilities } });
    }

    Task<string> FailAsync(params string[] arguments) => Tool.RunFailingAsync(1, ["evaluate", .. arguments, "--data", _data]);

    string Save(Network network, string name, ulong seed, IReadOnlyList<string>? labels = null)
    {
        using (network)
        {
            new HeInitializer(seed).Initialize(network.Parameters);
            network.Labels = labels ?? Labels.Cifar10;
            network.Save(_folder.File($"{name}.safetensors"));
        }
        return _folder.File($"{name}.safetensors");
    }
}
