using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ResNet.Runtime.Classification;

/// <summary>
/// The meter <c>ResNet.Runtime</c>, which every classifier of the process counts with: <c>resnet.classifier.images</c>, <c>resnet.classifier.duration</c> in
/// seconds of a call, from its turn to its result, and <c>resnet.classifier.waiting</c>, the calls that wait for their turn. Without a listener it costs a reading of the clock.
/// </summary>
static class ClassifierMetrics
{
    static readonly Meter _meter = new("ResNet.Runtime", typeof(Classifier).Assembly.GetName().Version?.ToString(3));
    static readonly Counter<long> _images = _meter.CreateCounter<long>("resnet.classifier.images", "{image}", "Pictures that were classified");
    static readonly Histogram<double> _duration = _meter.CreateHistogram<double>("resnet.classifier.duration", "s", "Time of a call from its turn to its result");
    static readonly UpDownCounter<long> _waiting = _meter.CreateUpDownCounter<long>("resnet.classifier.waiting", "{call}", "Calls that wait for their turn");

    public static void BeginWaiting() => _waiting.Add(1);

    public static void EndWaiting() => _waiting.Add(-1);

    /// <summary>Computes, and counts it if it succeeds.</summary>
    /// <param name="images">Number of pictures.</param>
    /// <param name="compute">Classifies them.</param>
    public static T Count<T>(int images, Func<T> compute)
    {
        var start = Stopwatch.GetTimestamp();
        var result = compute();
        _duration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds);
        _images.Add(images);
        return result;
    }
}
