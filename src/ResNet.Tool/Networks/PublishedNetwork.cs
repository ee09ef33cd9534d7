using ResNet.Runtime;
using ResNet.Tool.Output;
using ResNet.Zoo;

namespace ResNet.Tool.Networks;

/// <summary>The weights that a model has without a file's being named.</summary>
static class PublishedNetwork
{
    /// <summary>The path of a model's weights that come with the tool, if any do.</summary>
    public static string? BundledWeights(Model model) =>
        Path.Combine(AppContext.BaseDirectory, "weights", model.Name + ".safetensors") is var path && File.Exists(path) ? path : null;

    /// <summary>Creates a network of other sizes with the weights that are published for its model.</summary>
    /// <exception cref="ToolException">None are.</exception>
    public static Task<Network> CreateAsync(
        Model model, int classes, (int Height, int Width)? inputSize, int? inputChannels, Device device, Streams streams, CancellationToken cancellationToken) =>
        DownloadAsync(model, streams, progress => model.CreatePretrainedAsync(classes, inputSize, inputChannels, device, progress: progress, cancellationToken: cancellationToken));

    /// <summary>Loads the weights that are published for a model.</summary>
    /// <returns>The place where they are kept.</returns>
    /// <exception cref="ToolException">None are.</exception>
    public static Task<string> LoadAsync(Network network, Model model, bool offline, Streams streams, CancellationToken cancellationToken) =>
        DownloadAsync(model, streams, async progress =>
        {
            var options = new PublishedWeightsOptions { Offline = offline };
            await network.LoadPublishedAsync(model.Name, options, progress, cancellationToken: cancellationToken);
            return Path.Combine(options.CacheFolder, model.Pretrained!.File);
        });

    static Task<T> DownloadAsync<T>(Model model, Streams streams, Func<IProgress<DownloadProgress>, Task<T>> load) => model.Pretrained is null
        ? throw new ToolException($"No weights are published for {model.Name}: give a file with --weights")
        : Progress.RunAsync(streams, "Downloading weights", report =>
            load(new DirectProgress<DownloadProgress>(progress => report(new(progress.Received, progress.Total, $"Downloading {progress.File}")))));
}
