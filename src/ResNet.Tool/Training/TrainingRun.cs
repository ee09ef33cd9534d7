using ResNet.Runtime;
using ResNet.Runtime.Data;
using ResNet.Runtime.Evaluation;
using ResNet.Runtime.Training;
using ResNet.Runtime.Weights.Initialization;
using ResNet.Tool.Data;
using ResNet.Tool.Output;

namespace ResNet.Tool.Training;

/// <summary>One run: opens the data, trains, keeps checkpoints, logs and the curve in its folder.</summary>
/// <param name="network">The network.</param>
/// <param name="settings">What decides the run.</param>
/// <param name="folder">Where everything is kept.</param>
/// <param name="isResumed">Whether to go on from the folder's checkpoint.</param>
sealed class TrainingRun(Network network, TrainingSettings settings, string folder, bool isResumed)
{
    const int ValidationBatch = 100;

    /// <summary>Whether images that cannot be read are left out.</summary>
    public bool SkipBroken { get; init; }

    public async Task<TrainingResult> RunAsync(Streams streams, CancellationToken cancellation)
    {
        // What cannot be is said before data are read.
        _ = settings.ToOptions();
        _ = Augmentations.Create(settings.Augment, network.Preprocessing);
        var opened = await Datasets.OpenAsync(settings.Data, network, DatasetSplit.Train, streams, cancellation);
        var validation = await Datasets.OpenAsync(settings.Validation ?? settings.Data, network, DatasetSplit.Test, streams, cancellation);
        if (validation.NameOf(0) == opened.NameOf(0))
        {
            streams.Error.WriteLine($"{settings.Data} has no test images of its own, so nothing is validated: name some with --validation");
            validation = null;
        }
        var training = await Datasets.KeepAsync(opened, network, streams, cancellation);
        Action<DatasetException>? onBroken = SkipBroken ? broken => streams.Error.WriteLine($"skipped: {broken.Message}") : null;
        if (!isResumed) Initialize();
        if (settings.PixelMean)
            network.Preprocessing = network.Preprocessing with { PixelMean = PixelMean.Of(training, network.Preprocessing, _ => { }, cancellation), Deviation = [1, 1, 1] };

        using var batches = new DataLoader(
            training, Augmentations.Create(settings.Augment, network.Preprocessing), new() { BatchSize = settings.Batch, Seed = settings.Seed, OnBroken = onBroken });
        return await Progress.RunAsync(streams, $"Training {settings.Model}", report => Task.Run(() =>
        {
            var display = new TrainingDisplay(report, batches.Batches, settings.Epochs, settings.Batch);
            return Train(batches, validation, display, cancellation);
        }, CancellationToken.None));
    }

    TrainingResult Train(DataLoader batches, ImageDataset? validation, TrainingDisplay display, CancellationToken cancellation)
    {
        List<ITrainingObserver> observers = [display];
        using var trainer = new Trainer(network, batches, settings.ToOptions())
        {
            Folder = folder,
            Validate = validation is null ? null : trained => Evaluator.Evaluate(trained, validation, new() { BatchSize = ValidationBatch, SkipBroken = SkipBroken }, CancellationToken.None).Top1Accuracy,
            Observers = observers,
        };
        if (isResumed) trainer.Resume(Path.Combine(folder, TrainingCheckpoint.Last));
        Directory.CreateDirectory(folder);
        settings.Write(folder);
        // Opened only now, as rows of steps after the checkpoint, made anew, must go.
        using var csv = new CsvLog(folder, trainer.Step);
        using var tensorBoard = new TensorBoardLog(folder);
        observers.AddRange([csv, tensorBoard]);
        var result = trainer.Run(cancellation);
        RunReport.Write(folder, settings.Model, network, validation, result, SkipBroken, cancellation);
        return result;
    }

    void Initialize()
    {
        new HeInitializer(settings.Seed) { ZeroGamma = settings.ZeroGamma }.Initialize(network.Parameters);
        if (settings.Weights is { } weights) network.Load(weights, replaceHead: true);
    }
}
