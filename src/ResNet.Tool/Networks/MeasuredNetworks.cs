using ResNet.Experiments;
using ResNet.Runtime;
using ResNet.Tool.Output;

namespace ResNet.Tool.Networks;

/// <summary>Trained networks that an experiment measures, under the names that its tables give them.</summary>
sealed class MeasuredNetworks : IDisposable
{
    MeasuredNetworks(IReadOnlyList<(string Name, Network Network)> networks) => Networks = networks;

    public IReadOnlyList<(string Name, Network Network)> Networks { get; }

    /// <summary>Opens the networks of files.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="files">Files of weights, or folders of runs.</param>
    /// <param name="models">The model of each file, or the one of all; null where the files say it.</param>
    /// <param name="device">The device of the networks.</param>
    /// <exception cref="ToolException">The numbers do not fit.</exception>
    /// <exception cref="ArgumentException">The experiment measures nothing, or there is no such model.</exception>
    public static MeasuredNetworks Open(Experiment experiment, string[] files, string[]? models, Device device)
    {
        // Before large files are read for nothing.
        Reproduction.ProbeOf(experiment);
        if (models is not null && models.Length != 1 && models.Length != files.Length)
            throw new ToolException($"--weights: there are {files.Length} files of weights, and {models.Length} networks of --networks; expected one for each file, or one for all");
        var networks = new List<(string, Network)>();
        try
        {
            foreach (var (index, file) in files.Index())
            {
                var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(file)));
                var network = models is null ? Network.Open(file, device) : NetworkSource.Find(models[models.Length == 1 ? 0 : index]).Create(device);
                networks.Add((name, network));
                if (models is not null) network.Load(file);
            }
            return new(networks);
        }
        catch
        {
            Dispose(networks);
            throw;
        }
    }

    public void Dispose() => Dispose(Networks);

    static void Dispose(IEnumerable<(string Name, Network Network)> networks)
    {
        foreach (var (_, network) in networks) network.Dispose();
    }
}
