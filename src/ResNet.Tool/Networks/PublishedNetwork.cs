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

    /// <summary>Loads the weights that are published for a model.</summary>
    /// <returns>Where they are kept.</returns>
    /// <exception cref="ToolException">None are.</exception>
    public static async Task<string> LoadAsync(Network network, Model model, bool replaceHead, bool offline, Streams streams, CancellationToken cancellationToken)
    {
        if (model.Pretrained is null) throw new ToolException($"No weights are published for {model.Name}: give a file with --weights");
        var options = new PublishedWeightsOptions { Offline = offline };
        await Progress.RunAsync(streams, "Downloading weights", async report =>
        {
            var progress = new DirectProgress<DownloadProgress>(progress => report(new(progress.Received, progress.Total, $"Downloading {progress.File}")));
            await network.LoadPublishedAsync(model.Name, options, progress, replaceHead, cancellationToken);
            return 0;
        });
        return Path.Combine(options.CacheFolder, model.Pretrained.File);
    }
}
