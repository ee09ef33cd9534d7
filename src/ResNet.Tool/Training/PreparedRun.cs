using ResNet.Runtime;
using ResNet.Runtime.Communication;
using ResNet.Runtime.Data;
using ResNet.Runtime.Runs;
using ResNet.Runtime.Training;
using ResNet.Tool.Data;
using ResNet.Tool.Output;
using ResNet.Zoo;

namespace ResNet.Tool.Training;

/// <summary>A run of which everything is open: the network with its first weights, and the images.</summary>
sealed class PreparedRun
{
    readonly TrainingSettings _settings;
    readonly DatasetSplits _data;
    readonly Communicator _ranks;

    PreparedRun(Network network, DatasetSplits data, TrainingSettings settings, string folder, bool skipsBroken, Communicator ranks, Streams streams)
    {
        (Network, _data, _settings, _ranks) = (network, data, settings, ranks);
        Run = new(network, data.Train, data.Validation, settings, folder, ranks)
        {
            OnBroken = skipsBroken ? broken => streams.Faults.WriteLine($"skipped: {broken.Message}") : null,
            OnStart = () => RunFile.Write(folder, settings, TrainingSettingsJson.Default.TrainingSettings),
        };
    }

    public Network Network { get; }

    public TrainingRun Run { get; }

    /// <summary>Opens the images, makes a network of their classes, and sets the weights to start from; those of a run that is resumed come with it.</summary>
    public static async Task<PreparedRun> OpenAsync(
        Model model, TrainingSettings settings, string folder, bool isResumed, Device device, bool skipsBroken, Communicator ranks, Streams streams, CancellationToken cancellationToken)
    {
        var options = new DatasetSplitsOptions { ValidationShare = settings.ValidationSplit, Seed = settings.Seed };
        var data = await Datasets.OpenSplitsAsync(settings.Data, settings.Validation, options, streams, cancellationToken);
        var classes = data.Train.Classes.Count;
        if (settings.Classes is { } given && given != classes)
            throw new ToolException($"{settings.Data}: expected images of {given} classes, found {classes} ({string.Join(", ", data.Train.Classes.Take(5))}{(classes > 5 ? ", …" : "")})");
        var network = isResumed
            ? InitialNetwork.CreateEmpty(model, classes, settings, device)
            : await InitialNetwork.CreateAsync(model, classes, settings, device, streams, cancellationToken);
        try
        {
            data = data with { Train = await Datasets.KeepAsync(data.Train, network.Definition.Input, streams, cancellationToken) };
            return new(network, data, settings, folder, skipsBroken, ranks, streams);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    public Task<TrainingResult> RunAsync(bool isResumed, Streams streams, CancellationToken cancellationToken) =>
        Progress.RunAsync(streams, $"Training {_settings.Model}", async report =>
        {
            Run.Observers.Add(new TrainingDisplay(report, Run.StepsPerEpoch, _settings.Epochs, _settings.Batch));
            var result = await Run.RunAsync(isResumed, cancellationToken);
            // A run that was stopped has its curve, too.
            await Task.Run(() => RunReport.Write(Run.Folder, _settings.Model, Network, _data.Validation, result, Run.OnBroken is not null, _ranks, cancellationToken), CancellationToken.None);
            return result;
        });

    /// <summary>Prints the findings and the cost of the run.</summary>
    public async Task<DryRunReport> EstimateAsync(Streams streams, CancellationToken cancellationToken)
    {
        var estimate = await Progress.RunAsync(streams, "Timing steps", _ => Task.Run(() => Run.Estimate(cancellationToken), cancellationToken));
        var classes = _data.Train.Classes.Select((name, index) => new ClassReport(name, Count(_data.Train, index), _data.Validation is null ? 0 : Count(_data.Validation, index)));
        return new(
            _settings.Model, _settings.Data, _data.Train.Description, _data.Validation?.Description, _data.Train.Count, _data.Validation?.Count ?? 0, [.. classes],
            Network.Definition.Input.ToString(), Network.Device.Name, _settings.Batch, estimate.StepsPerEpoch, estimate.Epochs, estimate.MemoryBytes,
            estimate.Step.TotalSeconds, estimate.Duration.TotalSeconds, Run.Warnings);
    }

    static int Count(ImageDataset images, int index) => Enumerable.Range(0, images.Count).Count(image => images.ClassOf(image) == index);
}
