namespace ResNet.Runtime.Detection.Training;

/// <summary>
/// The four-step alternating training of Ren et al. 2015, section 3.2: a region proposal network; a detector of its own on those proposals; the proposal
/// network again, on the detector's feature maps, which stay; the head again, on those. The result shares its feature maps between both.
/// </summary>
/// <param name="create">Creates a detector with the weights of its backbone; called twice.</param>
/// <param name="dataset">The training images.</param>
/// <param name="options">The options of training in each of the steps.</param>
public sealed class AlternatingTraining(Func<Detector> create, DetectionDataset dataset, DetectionTrainerOptions options)
{
    /// <summary>Number of steps.</summary>
    public const int Steps = 4;

    /// <summary>Observers of every training step and epoch.</summary>
    public IReadOnlyList<IDetectionObserver> Observers { get; init; } = [];

    /// <summary>Called before each of the four steps, with its number from 1 on.</summary>
    public Action<int>? OnStep { get; init; }

    /// <summary>Trains.</summary>
    /// <param name="cancellationToken">Stops after the present training step.</param>
    /// <returns>The detector, which is the caller's to dispose.</returns>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public Detector Run(CancellationToken cancellationToken = default)
    {
        using var proposer = create();
        var detector = create();
        try
        {
            Train(1, proposer, options with { Stage = DetectionStage.Proposals }, null, cancellationToken);
            Train(2, detector, options with { Stage = DetectionStage.Regions }, proposer, cancellationToken);
            var features = detector.Trunk.Definition.Layers().Last(row => row.Parameters.Count > 0 && !DetectorNames.IsOfDetector(row.Name)).Name;
            Train(3, detector, options with { Stage = DetectionStage.Proposals, FreezeThrough = features }, null, cancellationToken);
            Train(4, detector, options with { Stage = DetectionStage.Regions, FreezeThrough = features }, null, cancellationToken);
            return detector;
        }
        catch
        {
            detector.Dispose();
            throw;
        }
    }

    void Train(int step, Detector detector, DetectionTrainerOptions settings, Detector? proposer, CancellationToken cancellationToken)
    {
        OnStep?.Invoke(step);
        using var trainer = new DetectionTrainer(detector, dataset, settings, proposer) { Observers = Observers };
        if (trainer.Run(cancellationToken).Cancelled) throw new OperationCanceledException(cancellationToken);
    }
}
