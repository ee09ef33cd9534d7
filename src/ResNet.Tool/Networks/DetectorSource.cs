using ResNet.Runtime;
using ResNet.Tool.Output;
using ResNet.Zoo;

namespace ResNet.Tool.Networks;

/// <summary>A detector that a command line names: a model of the zoo, or what a training run has saved.</summary>
/// <param name="Name">The model's name, or the path.</param>
/// <param name="Model">The model; null for a path.</param>
sealed record DetectorSource(string Name, DetectorModel? Model) : ModelSource(Name)
{
    public const string Description = "Name of the detector (\"resnet models\" lists them), or a file of weights or a run's folder that training has saved";

    /// <summary>Finds the detector of a name or a path.</summary>
    /// <exception cref="ArgumentException">There is neither, or it is a classifier; the message has the names that it may have meant.</exception>
    public static new DetectorSource Find(string nameOrPath)
    {
        if (DetectorModels.TryFind(nameOrPath, out var model)) return new(model.Name, model);
        if (Models.TryFind(nameOrPath, out var classifier))
            throw new ArgumentException($"{classifier.Name} is a classifier, which finds no objects: resnet classify says what a whole image shows");
        return IsPath(nameOrPath) ? new(nameOrPath, null) : new(nameOrPath, DetectorModels.Find(nameOrPath));
    }

    /// <summary>The detector: a model's with random weights, a path's with its own.</summary>
    /// <exception cref="WeightsException">The path is not that of weights which say their detector.</exception>
    public Detector Create(Device? device) => Model is null ? Detector.Open(Name, device) : Model.Create(device: device);

    /// <summary>The detector with its weights; the caller disposes it.</summary>
    /// <param name="weights">A file of weights; null for those of the path.</param>
    /// <param name="device">The device.</param>
    /// <exception cref="ToolException">No file is given for a model.</exception>
    /// <exception cref="WeightsException">The weights are not the detector's.</exception>
    public Detector Load(string? weights, Device device)
    {
        if (Model is not null && weights is null)
            throw new ToolException($"No weights are published for {Name}: give a file with --weights, or name what training has saved in the place of {Name}");
        var detector = Create(device);
        try
        {
            if (weights is not null) detector.Load(weights);
            return detector;
        }
        catch
        {
            detector.Dispose();
            throw;
        }
    }
}
