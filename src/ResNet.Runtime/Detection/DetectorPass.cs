using ResNet.Dsl;
using ResNet.Runtime.Classification;
using ResNet.Runtime.Detection.Boxes;

namespace ResNet.Runtime.Detection;

/// <summary>Runs a detector's two networks on a picture, and the work between and after them.</summary>
/// <param name="trunk">From an image to feature maps and the region proposal network's map.</param>
/// <param name="head">From regions to classes and boxes.</param>
/// <param name="settings">The sizes and rules by which the detector reads images and regions.</param>
sealed class DetectorPass(Network trunk, Network head, DetectorSettings settings) : IDisposable
{
    /// <summary>Regions that the head computes at a time: enough for all threads, and few enough that their maps stay small.</summary>
    const int RegionsAtATime = 32;

    readonly SizedNetworks _trunks = new(trunk, capacity: 4);
    readonly RegionReader _reader = new(settings, head.Definition.Input.Height, trunk.Device);

    /// <summary>Finds the boxes in a picture that may be objects, before those of the same object are told apart.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="options">The options of the search.</param>
    /// <param name="labels">The classes that are sought, which matter where each has proposals of its own; null for all.</param>
    /// <returns>The boxes of all sizes and passes, in the picture's pixels.</returns>
    public List<ScoredBox> FindCandidates(Image picture, DetectionOptions options, IReadOnlyList<int>? labels = null)
    {
        if (options.ProposalsAlone && !settings.PerClassProposals)
            throw new InvalidOperationException($"{nameof(DetectionOptions.ProposalsAlone)} takes a detector with {nameof(DetectorSettings.PerClassProposals)}: proposals for all classes together name none");
        return RegionClassifier.FindAtAllSizes(picture, options, sized =>
        {
            using var features = RunTrunk(sized);
            List<ScoredBox> found = [];
            foreach (var label in settings.PerClassProposals ? (labels ?? [.. Enumerable.Range(0, settings.Classes)]).Select(label => (int?)label) : [null])
                found.AddRange(Find(features, sized, options, label));
            return found;
        });
    }

    /// <summary>Proposes regions, the best first, with their logits.</summary>
    /// <param name="features">The trunk's outputs.</param>
    /// <param name="sized">The picture as the trunk has seen it.</param>
    /// <param name="options">The numbers of boxes.</param>
    /// <param name="label">The class that they are proposed for; null if all have the same proposals.</param>
    public ScoredBox[] Propose(TrunkOutputs features, Image sized, ProposalOptions options, int? label = null) =>
        _reader.Propose(features, sized.Width, sized.Height, options, label: label);

    /// <summary>Proposes regions of an image, the best first, with their logits.</summary>
    /// <param name="input">1 × channels × height × width, normalized.</param>
    /// <param name="options">The numbers of boxes.</param>
    /// <param name="label">The class that they are proposed for; null if all have the same proposals.</param>
    public ScoredBox[] Propose(Tensor input, ProposalOptions options, int? label)
    {
        using var features = RunTrunk(input);
        return _reader.Propose(features, input.Shape[3], input.Shape[2], options, label: label);
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

    IEnumerable<ScoredBox> Find(TrunkOutputs features, Image sized, DetectionOptions options, int? label)
    {
        var proposals = Propose(features, sized, options.Proposals, label);
        if (options.ProposalsAlone)
            return proposals.Select(region => new ScoredBox(label!.Value, 1 / (1 + Math.Exp(-region.Score)), region.Box)).Where(found => found.Score > options.ScoreThreshold);
        return new RegionClassifier(options, sized.Width, sized.Height).Find(
            Array.ConvertAll(proposals, region => region.Box), regions => RunHead(features, regions, sized.Width, sized.Height), settings.Classes, label);
    }

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
