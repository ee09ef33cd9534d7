using ResNet.Runtime;
using ResNet.Runtime.Training;
using ResNet.Zoo;

namespace ResNet.Tool.Networks;

/// <summary>A network that a command line names: a model of the zoo, or what a training run has saved.</summary>
/// <param name="Name">The model's name, or the path.</param>
/// <param name="Model">The model; null for a path.</param>
sealed record NetworkSource(string Name, Model? Model) : ModelSource(Name)
{
    public const string Description = "Name of the network (\"resnet models\" lists them), or a file of weights or a run's folder that training has saved";

    /// <summary>A model of the zoo.</summary>
    public static NetworkSource Of(Model model) => new(model.Name, model);

    /// <summary>Finds the network of a name or a path.</summary>
    /// <exception cref="ArgumentException">There is neither, or it is a detector; the message has the names that it may have meant.</exception>
    public static new NetworkSource Find(string nameOrPath)
    {
        if (Models.TryFind(nameOrPath, out var model)) return Of(model);
        if (DetectorModels.TryFind(nameOrPath, out var detector))
            throw new ArgumentException($"{detector.Name} is a detector, which finds objects: resnet detect does it");
        return IsPath(nameOrPath) ? new(nameOrPath, null) : new(nameOrPath, Models.Find(nameOrPath));
    }

    /// <summary>Whether a text, which may as well be the path of images, names a network: a model, a file of safetensors, or the folder of a run.</summary>
    public static bool IsNetwork(string nameOrPath) => Models.TryFind(nameOrPath, out _)
        || Path.GetExtension(nameOrPath).Equals(".safetensors", StringComparison.OrdinalIgnoreCase)
        || File.Exists(Path.Combine(nameOrPath, TrainingCheckpoint.Best)) || File.Exists(Path.Combine(nameOrPath, TrainingCheckpoint.Last));

    /// <summary>The network: a model's with random weights, a path's with its own.</summary>
    /// <exception cref="WeightsException">The path is not that of weights which say their network.</exception>
    public Network Create(Device? device) => Model is null ? Network.Open(Name, device) : Model.Create(device: device);
}
