using ResNet.Dsl;

namespace ResNet.Runtime.Tests.Detection;

/// <summary>Detectors that compute in milliseconds.</summary>
static class SmallDetectors
{
    /// <summary>Six classes, images of 64×64, stride 8, ordinary batch normalization.</summary>
    public static DetectorDefinition Definition(bool globalContext = false, RoiMethod method = RoiMethod.Align, bool perClassProposals = false) => new DetectorAttribute
    {
        Classes = 6,
        ShorterSide = 64,
        LongerSide = 64,
        AnchorSizes = [12, 24],
        RegionSize = 4,
        GlobalContext = globalContext,
        RoiMethod = method,
        PerClassProposals = perClassProposals,
    }.Compose("small", Features, Regions);

    /// <summary>A detector whose head is sure enough of its classes for detections.</summary>
    public static Detector WithContrast(ulong seed = 1, bool globalContext = false)
    {
        var detector = Detector.Create(Definition(globalContext));
        detector.Options = detector.Options with { Size = DetectionSize.Exactly(64, 64), Proposals = new() { BeforeSuppression = 60, AfterSuppression = 12 } };
        foreach (var network in new[] { detector.Trunk, detector.Head })
            foreach (var tensor in network.Parameters.Tensors.Where(tensor => tensor.Info.Kind == ParameterKind.Weight))
                Fill(tensor.Edit(), seed + (ulong)tensor.Offset, tensor.Name.Contains("score", StringComparison.Ordinal) ? 2 : 0.25f);
        return detector;
    }

    static void Fill(Span<float> values, ulong seed, float scale)
    {
        var random = new Random((int)seed);
        for (var i = 0; i < values.Length; i++) values[i] = scale * (2 * random.NextSingle() - 1);
    }

    static void Features(NetworkBuilder net) => net
        .Input(3, 64, 64)
        .Conv(8, 3, stride: 2, padding: 1).BatchNorm().Relu()
        .Conv(12, 3, stride: 2, padding: 1).BatchNorm().Relu()
        .Conv(16, 3, stride: 2, padding: 1).BatchNorm().Relu();

    static void Regions(NetworkBuilder roi) => roi.Conv(20, 3, padding: 1).BatchNorm().Relu().GlobalAveragePool();
}
