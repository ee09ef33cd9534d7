using System.Globalization;
using ResNet.Runtime.Weights;

namespace ResNet.Runtime.Training;

/// <summary>
/// The weights of the best epochs in a run's folder, a file each. A file is written before the checkpoint that counts its epoch, and removed after the
/// checkpoint by which it is no longer among the best: a run that is killed in between has a file too many, which goes when it is resumed.
/// </summary>
/// <param name="folder">The folder.</param>
/// <param name="count">Epochs whose weights are kept.</param>
sealed class BestWeights(string folder, int count)
{
    const string Prefix = "best-epoch-", Extension = ".safetensors";

    /// <summary>Saves the weights of the last epoch, if it is among the best.</summary>
    public void Save(Network network, IReadOnlyList<EpochMetrics> history)
    {
        if (Best(history).Contains(history[^1].Epoch))
            network.Save(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{history[^1].Epoch}{Extension}")));
    }

    /// <summary>Removes the weights of all other epochs.</summary>
    public void Prune(IReadOnlyList<EpochMetrics> history)
    {
        var best = Best(history);
        foreach (var file in Directory.EnumerateFiles(folder, $"{Prefix}*{Extension}").ToList())
            if (int.TryParse(Path.GetFileName(file)[Prefix.Length..^Extension.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var epoch) && !best.Contains(epoch))
                File.Delete(file);
    }

    /// <summary>Of equal scores, the earlier epoch is the better one, as it is for the best weights.</summary>
    HashSet<int> Best(IReadOnlyList<EpochMetrics> history) => [.. history.OrderByDescending(epoch => epoch.Score).Take(count).Select(epoch => epoch.Epoch)];
}
