using ResNet.Experiments.Budgets;
using ResNet.Runtime;
using ResNet.Runtime.Data;
using ResNet.Runtime.Runs;
using ResNet.Runtime.Weights.Initialization;

namespace ResNet.Experiments.Running;

/// <summary>Makes the networks and the runs of an experiment.</summary>
/// <param name="experiment">The experiment.</param>
/// <param name="options">Images, folder, device, effort.</param>
sealed class Trainee(Experiment experiment, ReproductionOptions options)
{
    readonly Dictionary<Schedule, DatasetSplits> _parts = [];

    bool IsFull => options.Effort == Effort.Full;

    /// <summary>The schedule without any limit of time.</summary>
    public Schedule Usual
    {
        get
        {
            var settings = Settings(null, 1, null);
            return new(options.Effort.Epochs ?? settings.Epochs, options.Data.Train.Count, options.Data.Validation?.Count ?? 0, settings.Batch);
        }
    }

    /// <summary>Makes a network with the initial weights of a seed.</summary>
    public Network Create(Subject subject, ulong seed)
    {
        var network = subject.Create(options.Data.Train.Classes.Count, options.Device);
        new HeInitializer(seed).Initialize(network.Parameters);
        return network;
    }

    /// <summary>Seconds that a training image takes, of a few steps in small batches.</summary>
    public double Measure(Subject subject, CancellationToken cancellationToken)
    {
        using var network = Create(subject, seed: 0);
        var settings = Settings(subject, 0, Usual with { Batch = Schedule.SmallestBatch, Epochs = 1 }) with { PixelMean = false };
        var run = new TrainingRun(network, options.Data.Train, validation: null, settings, FolderOf(subject, 0));
        return run.Estimate(cancellationToken).Step.TotalSeconds / Schedule.SmallestBatch;
    }

    /// <summary>Prepares a run.</summary>
    public TrainingRun Prepare(Network network, Subject subject, ulong seed, Schedule schedule)
    {
        var data = Part(schedule);
        return new(network, data.Train, data.Validation, Settings(subject, seed, schedule), FolderOf(subject, seed));
    }

    /// <summary>The images that the runs of a schedule are validated on, or else trained on.</summary>
    public ImageDataset ValidationOf(Schedule schedule) => Part(schedule).Validation ?? Part(schedule).Train;

    /// <summary>The folder of a run.</summary>
    public string FolderOf(Subject subject, ulong seed) => Path.Combine(options.Folder, FormattableString.Invariant($"{subject.Name}-seed-{seed}"));

    /// <summary>The images of a schedule: the same for all networks and seeds.</summary>
    DatasetSplits Part(Schedule schedule)
    {
        if (_parts.TryGetValue(schedule, out var part)) return part;
        var (train, validation) = options.Data;
        return _parts[schedule] = new(Share(train, schedule.Images), validation is null ? null : Share(validation, schedule.ValidationImages));
    }

    /// <summary>So many images, of each class the first ones.</summary>
    static ImageDataset Share(ImageDataset dataset, int images) => images >= dataset.Count
        ? dataset
        : dataset.Subset([.. Enumerable.Range(0, dataset.Count)
            .GroupBy(dataset.ClassOf)
            .SelectMany(ofClass => ofClass.Select((index, place) => (index, place)))
            .OrderBy(image => image.place).Take(images).Select(image => image.index).Order()]);

    /// <summary>The recipe's settings, shortened. A smaller batch has a proportionally smaller rate (Goyal et al. 2017, section 2.1).</summary>
    RunSettings Settings(Subject? subject, ulong seed, Schedule? schedule)
    {
        var recipe = IsFull ? experiment.PaperRecipe : experiment.Recipe;
        var settings = recipe.Apply(new RunSettings { Seed = seed });
        if (IsFull) settings = settings with { WarmUp = subject?.WarmUp ?? 0 };
        else if (experiment.Batch is { } batch) settings = WithBatch(settings, batch);
        return schedule is null ? settings : WithBatch(settings, schedule.Batch) with { Epochs = schedule.Epochs };
    }

    static RunSettings WithBatch(RunSettings settings, int batch) => batch == settings.Batch
        ? settings
        : settings with { Batch = batch, LearningRate = settings.LearningRate * batch / settings.Batch };
}
