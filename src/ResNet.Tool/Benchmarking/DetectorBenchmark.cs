using ResNet.Runtime;
using ResNet.Tool.Networks;
using ResNet.Tool.Output;

namespace ResNet.Tool.Benchmarking;

/// <summary>Times the forward passes of a detector's two networks: the trunk on a picture of the declared size, the head on regions.</summary>
/// <param name="Source">The detector.</param>
/// <param name="Regions">Regions that the head computes at a time.</param>
/// <param name="Device">The device.</param>
/// <param name="Seconds">The seconds for measuring each network, and the same again for its layers.</param>
sealed record DetectorBenchmark(DetectorSource Source, int Regions, Device Device, double Seconds)
{
    public DetectorBenchReport Run(Action<Step> report, CancellationToken cancellationToken)
    {
        using var detector = Source.Create(null);
        var definition = detector.Definition;
        var trunk = new Benchmark($"{Source.Name}, trunk", () => Network.Create(definition.Trunk, Device), 1, Device, Seconds).Run(report, cancellationToken);
        var head = new Benchmark($"{Source.Name}, head", () => Network.Create(definition.Head, Device), Regions, Device, Seconds).Run(report, cancellationToken);
        var regions = detector.Options.Proposals.AfterSuppression;
        return new(Source.Name, trunk, head, regions, trunk.Median.MillisecondsPerImage + regions * head.Median.MillisecondsPerImage);
    }
}
