using ResNet.Dsl;
using ResNet.Runtime.Downloads;
using ResNet.Runtime.Weights.Initialization;

namespace ResNet.Runtime.Tests.Networks;

[CifarResNet(Depth = 20, Classes = 4)] sealed partial class Cifar20OfFourClasses;

[ResNet(Depth = 18)] sealed partial class FullResNet18;

/// <summary>Weights of a network, saved and loaded: all of them or none.</summary>
public sealed class LoadingTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("resnet-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    string PathOf(string name) => Path.Combine(_folder, name);

    [Fact]
    public void SavedWeightsComeBack()
    {
        using var net = new Cifar20();
        new HeInitializer(9).Initialize(net.Parameters);
        net.Labels = [.. Enumerable.Range(0, 10).Select(i => $"thing {i}")];
        net.Save(PathOf("net.safetensors"));

        using var other = new Cifar20();
        other.Load(PathOf("net.safetensors"));
        Assert.Equal(net.Parameters.ReadTrained(), other.Parameters.ReadTrained());
        Assert.Equal(net.Parameters.ReadStatistics(), other.Parameters.ReadStatistics());
        Assert.Equal(net.Labels, other.Labels);
    }

    [Fact]
    public void AnotherHeadIsReplacedOnRequest()
    {
        using var net = new Cifar20();
        net.Save(PathOf("net.safetensors"));

        using var other = new Cifar20OfFourClasses();
        var error = Assert.Throws<WeightsException>(() => other.Load(PathOf("net.safetensors")));
        Assert.Contains("fc.weight", error.Message, StringComparison.Ordinal);
        Assert.Contains("[4, 64]", error.Message, StringComparison.Ordinal);
        Assert.Contains("[10, 64]", error.Message, StringComparison.Ordinal);

        other.Load(PathOf("net.safetensors"), replaceHead: true);
        Assert.Equal(net.Parameters["layer3.2.conv2.weight"].Read(), other.Parameters["layer3.2.conv2.weight"].Read());
        Assert.Contains(other.Parameters["fc.weight"].Read().ToArray(), value => value != 0);
    }

    [Fact]
    public void AFailedLoadChangesNothing()
    {
        using var bottlenecks = new Cifar29PreActivation();
        bottlenecks.Save(PathOf("other.safetensors"));
        File.WriteAllBytes(PathOf("cut.safetensors"), File.ReadAllBytes(PathOf("other.safetensors"))[..5000]);

        using var net = new Cifar20();
        var before = net.Parameters.ReadTrained().ToArray();
        foreach (var file in new[] { "other.safetensors", "cut.safetensors", "absent.safetensors" })
        {
            var error = Assert.Throws<WeightsException>(() => net.Load(PathOf(file)));
            Assert.Contains(file, error.Message, StringComparison.Ordinal);
        }
        Assert.Equal(before, net.Parameters.ReadTrained().ToArray());
    }

    [Fact]
    public async Task PublishedWeightsComeFromTheCache()
    {
        var options = new PublishedWeightsOptions { CacheFolder = _folder, Offline = true };
        using var net = new FullResNet18();
        var error = await Assert.ThrowsAsync<WeightsException>(() => net.LoadPublishedAsync("resnet18", options));
        Assert.Contains("resnet18-f37072fd.pth", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => net.LoadPublishedAsync("resnet19", options));

        using var trained = new FullResNet18();
        new HeInitializer(5).Initialize(trained.Parameters);
        trained.Save(PathOf("resnet18-f37072fd.pth"));
        await net.LoadPublishedAsync("resnet18", options);
        Assert.Equal(trained.Parameters.ReadTrained(), net.Parameters.ReadTrained());
        Assert.Equal(Labels.ImageNet, net.Labels);

        using var other = Network.Create(new ResNetAttribute { Depth = 18, Classes = 3, ImageSize = 64 }.Define("three"));
        await other.LoadPublishedAsync("resnet18", options, replaceHead: true);
        Assert.Equal(["class 0", "class 1", "class 2"], other.Labels);
        Assert.Equal(Preprocessing.For(new(3, 64, 64)), other.Preprocessing);
    }

    [Fact]
    public void LabelsAreOnePerClassAndNeverGuessed()
    {
        using var net = new Cifar20();
        Assert.Equal("class 9", net.Labels[9]);
        Assert.Throws<ArgumentException>(() => net.Labels = ["one"]);
        Assert.Throws<ArgumentException>(() => net.Labels = [.. Labels.Cifar10.Skip(1), "two\nlines"]);
        Assert.Equal("class 0", net.Labels[0]);
    }

    [Fact]
    public void WhatTheProgramHasSetHoldsAgainstTheFile()
    {
        using (var trained = new Cifar20())
        {
            trained.Labels = Labels.Cifar10;
            trained.Preprocessing = new(40, 32, 32) { Mean = [0.1f, 0.2f, 0.3f] };
            trained.Metrics = new Dictionary<string, double> { ["top1"] = 0.5 };
            trained.Save(PathOf("net.safetensors"));
        }
        var own = new Preprocessing(36, 32, 32);
        using var net = new Cifar20 { Labels = [.. Labels.Cifar10.Reverse()], Preprocessing = own };
        net.Load(PathOf("net.safetensors"));
        Assert.Equal("truck", net.Labels[0]);
        Assert.Same(own, net.Preprocessing);
        Assert.Equal(0.5, net.Metrics["top1"]);
    }

    [Fact]
    public void WhatCameWithWeightsGoesWithThem()
    {
        using (var net = new Cifar20 { Labels = Labels.Cifar10, Metrics = new Dictionary<string, double> { ["top1"] = 0.5 } })
            net.Save(PathOf("known.safetensors"));
        using (var net = new Cifar20())
            net.Save(PathOf("unknown.safetensors"));

        using var loaded = new Cifar20();
        loaded.Load(PathOf("known.safetensors"));
        Assert.Equal(Labels.Cifar10, loaded.Labels);
        loaded.Load(PathOf("unknown.safetensors"));
        Assert.Equal("class 0", loaded.Labels[0]);
        Assert.Empty(loaded.Metrics);
    }
}
