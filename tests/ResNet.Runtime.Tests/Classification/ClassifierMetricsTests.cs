using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ResNet.Runtime.Tests.Embeddings;

namespace ResNet.Runtime.Tests.Classification;

public class ClassifierMetricsTests
{
    /// <summary>Other tests classify meanwhile: at least what is done here is counted.</summary>
    [Fact]
    public async Task Images_time_and_waiting_calls_are_measured()
    {
        var measured = new ConcurrentDictionary<string, (double Sum, int Count)>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, listener) => { if (instrument.Meter.Name == "ResNet.Runtime") listener.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Add(instrument.Name, value));
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Add(instrument.Name, value));
        listener.Start();

        using var network = EmbeddingTests.Small();
        using var classifier = new Classifier(network);
        var picture = Pictures.Draw(16, 16, 1);
        classifier.ClassifyBatch([picture, picture, picture]);
        using var file = new MemoryStream();
        picture.SavePng(file);
        file.Position = 0;
        await classifier.ClassifyAsync(file);

        Assert.True(measured["resnet.classifier.images"].Sum >= 4);
        Assert.True(measured["resnet.classifier.duration"] is { Sum: > 0, Count: >= 2 });
        // Each call begins and ends to wait.
        Assert.True(measured["resnet.classifier.waiting"].Count >= 4);

        void Add(string name, double value) => measured.AddOrUpdate(name, (value, 1), (_, before) => (before.Sum + value, before.Count + 1));
    }
}
