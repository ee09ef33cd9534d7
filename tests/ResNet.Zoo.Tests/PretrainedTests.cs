using ResNet.Dsl;
using ResNet.Runtime;
using ResNet.Runtime.Weights.Initialization;

namespace ResNet.Zoo.Tests;

/// <summary>Networks with published weights, whose place a file in the cache takes.</summary>
public sealed class PretrainedTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly ResNet18 _published = new();
    readonly PublishedWeightsOptions _options;

    public PretrainedTests()
    {
        _options = new() { CacheFolder = _folder.Path, Offline = true };
        new HeInitializer(5).Initialize(_published.Parameters);
        _published.Save(_folder.File(Models.ResNet18.Pretrained!.File));
    }

    public void Dispose()
    {
        _published.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task WeightsBringLabelsPreprocessingAndMetrics()
    {
        using var network = await Models.ResNet18.CreatePretrainedAsync(options: _options);
        Assert.IsType<ResNet18>(network);
        Assert.Equal(_published.Parameters.ReadTrained(), network.Parameters.ReadTrained());
        Assert.Equal(Labels.ImageNet, network.Labels);
        Assert.Equal(0.69758, network.Metrics["top1"]);
    }

    [Fact]
    public async Task OfOtherClassesTheHeadIsNew()
    {
        using var network = await Models.ResNet18.CreatePretrainedAsync(classes: 37, inputSize: (96, 96), options: _options);
        Assert.Equal(37, network.Definition.Output.Channels);
        Assert.Equal("class 36", network.Labels[36]);
        Assert.Empty(network.Metrics);
        Assert.Equal(_published.Parameters["layer4.1.conv2.weight"].Read(), network.Parameters["layer4.1.conv2.weight"].Read());
        Assert.Contains(network.Parameters["fc.weight"].Read().ToArray(), value => value != 0);
    }

    [Fact]
    public async Task OfOneChannelAGreyPictureGivesTheSameLogits()
    {
        using var colored = await Models.ResNet18.CreatePretrainedAsync(inputSize: (64, 64), options: _options);
        using var grey = await Models.ResNet18.CreatePretrainedAsync(inputSize: (64, 64), inputChannels: 1, options: _options);
        var plane = Enumerable.Range(0, 64 * 64).Select(i => MathF.Sin(i * i)).ToArray();
        var expected = colored.Predict(new Tensor([.. plane, .. plane, .. plane], 1, 3, 64, 64)).Data.ToArray();
        var actual = grey.Predict(new Tensor(plane, 1, 1, 64, 64)).Data.ToArray();
        var largest = expected.Max(Math.Abs);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-4 * largest);
        Assert.Equal(Labels.ImageNet, grey.Labels);
    }

    [Fact]
    public async Task WhatCannotBeIsRefused()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => Models.Plain18.CreatePretrainedAsync(options: _options));
        await Assert.ThrowsAsync<ArgumentException>(() => Models.ResNet18.CreatePretrainedAsync(inputChannels: 4, options: _options));
        await Assert.ThrowsAsync<NetworkException>(() => Models.ResNet18.CreatePretrainedAsync(classes: 0, options: _options));
        await Assert.ThrowsAsync<WeightsException>(() => Models.ResNet34.CreatePretrainedAsync(options: _options));
    }
}
