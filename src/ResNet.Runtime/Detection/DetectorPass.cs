using ResNet.Dsl;
using ResNet.Runtime.Classification;
using ResNet.Runtime.Detection.Boxes;

namespace ResNet.Runtime.Detection;

/// <summary>Runs a detector's two networks on a picture, and all that lies between and behind them.</summary>
/// <param name="trunk">From an image to feature maps and the region proposal network's map.</param>
/// <param name="head">From regions to classes and boxes.</param>
/// <param name="settings">How the detector sees images and regions.</param>
sealed class DetectorPass(Network trunk, Network head, DetectorSettings settings) : IDisposable
{
    /// <summary>Regions that the head computes at a time: enough for all threads, and few enough that their maps stay small.</summary>
    const int RegionsAtATime = 32;

    readonly SizedNetworks _trunks = new(trunk, capacity: 4);
    readonly RegionReader _reader = new(settings, head.Definition.Input.Height, trunk.Device);

    /// <summary>Finds the boxes in a picture that may be objects, before those of the same object are told apart.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="options">How objects are sought.</param>
    /// <returns>The boxes of all sizes and passes, in the picture's pixels.</returns>
    public List<ScoredBox> FindCandidates(Image picture, DetectionOptions options) =>
        RegionClassifier.FindAtAllSizes(picture, options, settings.Classes, sized =>
        {
            var features = RunTrunk(sized);
            return new([features], Propose(features, sized, options.Proposals), regions => RunHead(features, regions, sized.Width, sized.Height));
        });

    /// <summary>Proposes regions, the best first.</summary>
    /// <param name="features">The trunk's outputs.</param>
    /// <param name="sized">The picture as the trunk has seen it.</param>
    /// <param name="options">How many.</param>
    public Box[] Propose(TrunkOutputs features, Image sized, ProposalOptions options) =>
        Array.ConvertAll(_reader.Propose(features, sized.Width, sized.Height, options), region => region.Box);

    /// <summary>Proposes regions of an image, the best first.</summary>
    /// <param name="input">1 × channels × height × width, normalized.</param>
    /// <param name="options">How many.</param>
    public Box[] Propose(Tensor input, ProposalOptions options)
    {
        using var features = RunTrunk(input);
        return Array.ConvertAll(_reader.Propose(features, input.Shape[3], input.Shape[2], options), region => region.Box);
    }

    /// <summary>Computes the outputs of the trunk, of which the feature maps may stay in the device's memory.</summary>
    /// <param name="sized">A picture of the size at which it is looked at.</param>
    public TrunkOutputs RunTrunk(Image sized)
    {
        var input = new Tensor(1, trunk.Definition.Input.Channels, sized.Height, sized.Width);
        trunk.Preprocessing.WithSize(sized.Height, sized.Width).Normalize(sized, 0, 0, isMirrored: false, [0, 0, 0], input.Data);
        return RunTrunk(input);
    }

    /// <summary>Computes the outputs of the trunk.</summary>
    /// <param name="input">1 × channels × height × width, normalized.</param>
    public TrunkOutputs RunTrunk(Tensor input)
    {
        using var rented = _trunks.Rent(input.Shape[2], input.Shape[3]);
        return new(rented.Session.PredictAll(input, firstMayStay: true));
    }

    /// <summary>Computes the head's outputs for regions.</summary>
    /// <param name="features">The trunk's outputs for the picture.</param>
    /// <param name="regions">The regions, in pixels of the trunk's input.</param>
    /// <param name="width">Columns of the trunk's input.</param>
    /// <param name="height">Rows of the trunk's input.</param>
    public (float[] Logits, float[] Deltas) RunHead(TrunkOutputs features, Box[] regions, int width, int height)
    {
        var classes = settings.Classes + 1;
        float[] logits = new float[regions.Length * classes], deltas = new float[4 * logits.Length];
        for (var first = 0; first < regions.Length; first += RegionsAtATime)
        {
            var some = regions[first..Math.Min(first + RegionsAtATime, regions.Length)];
            var outputs = RunHead(features, some);
            outputs[DetectorDefinition.ClassesOutput].Data.CopyTo(logits.AsSpan(first * classes));
            outputs[DetectorDefinition.BoxesOutput].Data.CopyTo(deltas.AsSpan(4 * first * classes));
        }
        if (settings.GlobalContext && regions.Length > 0) AddContext(RunHead(features, [new(0, 0, width, height)]), logits, deltas);
        return (logits, deltas);
    }

    public void Dispose() => _trunks.Dispose();

    IReadOnlyDictionary<string, Tensor> RunHead(TrunkOutputs features, Box[] regions)
    {
        var read = _reader.Read(features, regions);
        try
        {
            return head.PredictAll(read);
        }
        finally
        {
            read.Release();
        }
    }

    /// <summary>Adds the whole picture's contribution to the outputs of each region.</summary>
    static void AddContext(IReadOnlyDictionary<string, Tensor> whole, float[] logits, float[] deltas)
    {
        GlobalContext.AddTo(logits, whole[DetectorDefinition.ContextClassesOutput].Data);
        GlobalContext.AddTo(deltas, whole[DetectorDefinition.ContextBoxesOutput].Data);
    }
}
