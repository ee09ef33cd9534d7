using ResNet.Dsl;
using ResNet.Runtime.Detection.Boxes;
using ResNet.Runtime.Detection.Losses;
using ResNet.Runtime.Detection.Regions;
using ResNet.Runtime.Devices;

namespace ResNet.Runtime.Detection.Training;

/// <summary>
/// Losses of a training step, and the gradients by the parameters of both networks: forward through the trunk, proposals, the head's own step on
/// sampled regions, back through the trunk. Proposals are constants to the gradient (Ren et al. 2015, section 3.2).
/// </summary>
sealed class DetectorGradients : IDisposable
{
    /// <summary>Sizes whose memory is kept.</summary>
    const int Sizes = 2;

    readonly Detector _detector;
    readonly DetectionTrainerOptions _options;
    readonly Detector? _proposer;
    readonly ulong _dropSeed;
    readonly RegionReader _reader;
    readonly TrainingSession _headSession;
    readonly HeadStep _head;
    readonly SampleDraw _draw;
    // The least recently used first.
    readonly List<(int Height, int Width, Network Network, TrainingSession Session)> _trunks = [];
    readonly ProposalLoss _loss = new();

    /// <param name="detector">The detector.</param>
    /// <param name="options">The options of training, checked.</param>
    /// <param name="proposer">Proposes the regions; null for the detector itself, as it is trained.</param>
    /// <param name="dropSeed">Seed of dropout; null for that of the options.</param>
    public DetectorGradients(Detector detector, DetectionTrainerOptions options, Detector? proposer = null, ulong? dropSeed = null)
    {
        (_detector, _options, _proposer, _dropSeed) = (detector, options, proposer, dropSeed ?? options.Seed);
        var settings = detector.Definition.Settings;
        _reader = new(settings, detector.Definition.RegionSize, detector.Trunk.Device);
        _draw = new(settings, options);
        Trunk = new float[detector.Trunk.Parameters.ReadTrained().Length];
        Head = new float[detector.Head.Parameters.ReadTrained().Length];
        _headSession = detector.Head.CreateTrainingSession(SessionOptions(detector.Definition.Head, DetectorDefinition.RegionsOutput) with
        {
            GradientsOf = [DetectorDefinition.RegionsOutput],
            Staying = [DetectorDefinition.RegionsOutput],
        });
        _head = new(settings, _reader, _headSession, new());
    }

    /// <summary>Gradients by the trunk's parameters, laid out as <see cref="Parameters.ReadTrained"/>.</summary>
    public float[] Trunk { get; }

    /// <summary>Gradients by the head's parameters, laid out as <see cref="Parameters.ReadTrained"/>.</summary>
    public float[] Head { get; }

    /// <summary>Computes the losses and gradients of some images: the mean over those of each size, weighted by their number.</summary>
    /// <param name="scenes">The images.</param>
    /// <param name="step">Number of the step, from which follows what is drawn.</param>
    /// <param name="first">The place of the first image among those of the step.</param>
    /// <param name="all">Number of images of the step, of whose mean loss these have their share; null for these alone.</param>
    public DetectionLosses Run(IReadOnlyList<TrainingScene> scenes, long step, int first = 0, int? all = null)
    {
        Array.Clear(Trunk);
        Array.Clear(Head);
        var total = default(DetectionLosses);
        foreach (var size in scenes.Select((scene, index) => (scene, index)).GroupBy(entry => (entry.scene.Height, entry.scene.Width)))
        {
            var share = (double)size.Count() / (all ?? scenes.Count);
            TrainingScene[] some = [.. size.Select(entry => entry.scene)];
            int[] places = [.. size.Select(entry => first + entry.index)];
            total += Run(some, trunk => Draw(trunk, some, places, step), step, share) * share;
        }
        return total;
    }

    /// <summary>Puts the running statistics back to what they were before the last step.</summary>
    public void UndoStatistics()
    {
        Undo(_headSession);
        foreach (var trunk in _trunks) Undo(trunk.Session);

        static void Undo(IGradientSource session) => session.UndoStatistics();
    }

    public void Dispose()
    {
        _headSession.Dispose();
        foreach (var trunk in _trunks) Dispose(trunk);
    }

    /// <summary>Computes the losses of images of one size, and adds to the gradients.</summary>
    /// <param name="scenes">The images.</param>
    /// <param name="draw">Draws what is learned from, given the trunk's outputs.</param>
    /// <param name="step">Number of the step.</param>
    /// <param name="share">The factor of the gradients.</param>
    internal DetectionLosses Run(TrainingScene[] scenes, Func<TrunkOutputs, DrawnSamples> draw, long step, double share)
    {
        var (width, height) = (scenes[0].Width, scenes[0].Height);
        var session = SessionOf(height, width);
        session.Step = _headSession.Step = step;
        var (losses, hasRegions) = (default(DetectionLosses), false);
        session.Run([.. scenes.SelectMany(scene => scene.Values)], outputs =>
        {
            var trunk = new TrunkOutputs(outputs);
            var gradients = trunk.Gradients();
            var samples = draw(trunk);
            hasRegions = samples.Regions.Any(sample => sample.Boxes.Length > 0);
            var proposed = samples.Anchors.Length > 0 ? Compute(trunk, samples.Anchors, gradients) : new(0, 0);
            var classified = hasRegions ? _head.Run(trunk, samples.Regions, width, height, gradients) : new(0, 0);
            losses = new(proposed.Scores, proposed.Boxes, classified.Scores, classified.Boxes);
            return gradients.AsTargets();
        });
        Add(session.ReadGradients(), Trunk, share);
        if (hasRegions) Add(_headSession.ReadGradients(), Head, share);
        return losses;
    }

    /// <summary>Computes the losses of the region proposal network, and the gradients by its outputs.</summary>
    SampleLoss Compute(TrunkOutputs trunk, AnchorSample[] samples, TrunkOutputs gradients)
    {
        var (layout, sampled) = (_reader.Layout(trunk.Shape), samples.Sum(sample => sample.Count));
        var (scores, boxes) = (0.0, 0.0);
        for (var i = 0; i < samples.Length; i++)
        {
            var loss = _loss.Compute(samples[i], layout, trunk.Objectness(i), trunk.Deltas(i), gradients.Objectness(i), gradients.Deltas(i), sampled, samples.Length);
            (scores, boxes) = (scores + loss.Scores, boxes + loss.Boxes);
        }
        return new(scores, boxes);
    }

    DrawnSamples Draw(TrunkOutputs trunk, TrainingScene[] scenes, int[] places, long step)
    {
        var anchors = _reader.Anchors(trunk.Shape);
        return new(
            _options.Stage == DetectionStage.Regions ? [] : [.. scenes.Select((scene, i) => _draw.Anchors(scene, anchors, step, places[i]))],
            _options.Stage == DetectionStage.Proposals ? [] : [.. scenes.Select((scene, i) => _draw.Regions(scene, label => Propose(trunk, scene, i, label), step, places[i]))]);
    }

    /// <summary>Proposes regions; the proposer computes in a session of its own, with the statistics that it was trained to.</summary>
    ScoredBox[] Propose(TrunkOutputs outputs, TrainingScene scene, int image, int? label) => _proposer is null
        ? _reader.Propose(outputs, scene.Width, scene.Height, _options.Proposals, image, label)
        : _proposer.Pass.Propose(scene.ToTensor(), _options.Proposals, label);

    TrainingSession SessionOf(int height, int width)
    {
        var index = _trunks.FindIndex(trunk => (trunk.Height, trunk.Width) == (height, width));
        if (index >= 0)
        {
            var found = _trunks[index];
            _trunks.RemoveAt(index);
            _trunks.Add(found);
            return found.Session;
        }
        if (_trunks.Count == Sizes)
        {
            Dispose(_trunks[0]);
            _trunks.RemoveAt(0);
        }
        var network = _detector.Trunk.Reform(_detector.Definition.Trunk.WithInputSize(height, width));
        var session = network.CreateTrainingSession(SessionOptions(_detector.Definition.Trunk) with
        {
            FreezeThrough = _options.FreezeThrough,
            FreezeStatisticsThrough = _options.FreezeThrough,
            Staying = [DetectorDefinition.FeaturesOutput],
        });
        _trunks.Add((height, width, network, session));
        return session;
    }

    static void Dispose((int Height, int Width, Network Network, TrainingSession Session) trunk)
    {
        trunk.Session.Dispose();
        trunk.Network.Dispose();
    }

    TrainingSessionOptions SessionOptions(NetworkDefinition network, params string[] withoutLoss) => new()
    {
        Losses = network.Outputs.Where(output => !withoutLoss.Contains(output.Name)).ToDictionary(output => output.Name, _ => (Loss)new SuppliedGradient()),
        TargetsFollowOutputs = true,
        Seed = _dropSeed,
    };

    static void Add(ReadOnlySpan<float> gradients, float[] sum, double share)
    {
        var factor = (float)share;
        for (var i = 0; i < sum.Length; i++) sum[i] += factor * gradients[i];
    }
}

/// <summary>The samples of a step.</summary>
/// <param name="Anchors">Of each image the anchors that the region proposal network learns from.</param>
/// <param name="Regions">Of each image the regions that the head learns from.</param>
readonly record struct DrawnSamples(AnchorSample[] Anchors, RegionSample[] Regions);
