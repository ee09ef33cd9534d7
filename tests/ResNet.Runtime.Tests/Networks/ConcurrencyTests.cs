using ResNet.Dsl;
using ResNet.Runtime.Data;
using ResNet.Runtime.Optimizers;
using ResNet.Runtime.Training;
using ResNet.Runtime.Weights.Initialization;

namespace ResNet.Runtime.Tests.Networks;

/// <summary>Parameters that change on one thread while others infer: every result is of one state, and the last one of the last state.</summary>
public class ConcurrencyTests
{
    static NetworkDefinition Definition => new CifarResNetAttribute { Depth = 8 }.Define("ResNet-8");

    [Theory, InlineData(32), InlineData(40)]
    public async Task LoadingIsAllOrNothingForEverySize(int size)
    {
        using var folder = new TemporaryFolder();
        using var net = Network.Create(Definition);
        using var resized = net.WithInputSize(size, size);
        var images = SessionTests.Images(resized, 1);
        string[] files = [folder.File("a.safetensors"), folder.File("b.safetensors")];
        var expected = new List<float[]>();
        foreach (var (file, seed) in files.Zip([1ul, 2ul]))
        {
            new HeInitializer(seed).Initialize(net.Parameters);
            net.Save(file);
            expected.Add(resized.Predict(images).Data.ToArray());
        }

        using var stop = new CancellationTokenSource();
        var mixed = 0;
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                var logits = resized.Predict(images).Data.ToArray();
                if (!expected.Exists(one => one.AsSpan().SequenceEqual(logits))) Interlocked.Increment(ref mixed);
            }
        })).ToArray();
        for (var i = 0; i < 100; i++) net.Load(files[i % 2]);
        await stop.CancelAsync();
        await Task.WhenAll(readers);
        Assert.Equal(0, mixed);
    }

    [Fact]
    public async Task AnEditIsSeenAsAWhole()
    {
        using var net = Network.Create(Definition);
        var images = SessionTests.Images(net, 1);
        var before = net.Predict(images).Data.ToArray();
        using var begun = new ManualResetEventSlim();
        var editing = Task.Run(() => net.Parameters["fc.bias"].Edit(bias =>
        {
            bias[0] += 100;
            begun.Set();
            Thread.Sleep(50);
            bias[9] += 200;
        }));
        begun.Wait();
        var during = net.Predict(images).Data.ToArray();
        await editing;
        var after = net.Predict(images).Data.ToArray();

        float[] changed = [before[0] + 100, .. before[1..9], before[9] + 200];
        Assert.All(changed.Zip(after), pair => Assert.Equal(pair.First, pair.Second, 1e-3f));
        Assert.True(during.AsSpan().SequenceEqual(before) || during.AsSpan().SequenceEqual(after), "Half of the change was seen");
    }

    [Fact]
    public async Task WhatIsInferredAfterTrainingIsOfTheTrainedWeights()
    {
        using var folder = new TemporaryFolder();
        using var net = Network.Create(Definition);
        net.Labels = Shapes10.Names;
        var images = SessionTests.Images(net, 1);
        using var stop = new CancellationTokenSource();
        var reader = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested) net.Predict(images);
        });
        using (var batches = new DataLoader(new Shapes10(64), new CropAndFlip { Normalization = net.Preprocessing }, new() { BatchSize = 16 }))
        using (var trainer = new Trainer(net, batches, new() { Epochs = 1, Optimizer = new Slow() }))
            trainer.Run();
        await stop.CancelAsync();
        await reader;

        net.Save(folder.File("trained.safetensors"));
        using var loaded = Network.Create(Definition);
        loaded.Load(folder.File("trained.safetensors"));
        Assert.Equal(loaded.Predict(images).Data.ToArray(), net.Predict(images).Data.ToArray());
    }

    [Fact]
    public async Task ATrainingSessionIsDisposedAfterTheStepThatRuns()
    {
        for (var round = 0; round < 10; round++)
        {
            using var net = Network.Create(Definition);
            var session = net.CreateTrainingSession();
            var (images, labels) = (TrainingCases.Waves(net, 4), TrainingCases.Labels(net, 4));
            session.Run(images, labels);
            var running = Task.Run(() =>
            {
                while (true) session.Run(images, labels);
            });
            Thread.Sleep(5);
            session.Dispose();
            await Assert.ThrowsAsync<ObjectDisposedException>(() => running);
        }
    }

    /// <summary>Descends, and takes its time over each tensor.</summary>
    sealed record Slow : Optimizer
    {
        public override IReadOnlyList<string> State => [];

        public override void Update(in ParameterUpdate update)
        {
            Thread.Sleep(1);
            for (var i = 0; i < update.Weights.Length; i++) update.Weights[i] -= (float)update.Rate * update.Gradient[i];
        }
    }
}
