using System.Globalization;
using System.Reflection;
using Microsoft.ML.OnnxRuntime;
using ResNet.Peers.Contenders;
using ResNet.Peers.Measuring;
using ResNet.Peers.Output;
using ResNet.Peers.Torch;
using ResNet.Runtime;
using ResNet.Tool.Output;
using ResNet.Zoo;
using TorchSharp;

namespace ResNet.Peers;

/// <summary>Compares the programs: on each network, with each number of threads and each batch.</summary>
/// <param name="settings">What to compare.</param>
sealed class Comparison(Settings settings)
{
    /// <summary>Writes the table, and the report if it is asked for.</summary>
    /// <exception cref="ToolException">No peer can be run, or the programs do not compute the same.</exception>
    public void Run(TextWriter output)
    {
        var (peers, missing) = FindPeers();
        if (peers.Count == 0) throw new ToolException(string.Join("; ", missing.Select(one => $"no {one.Key}: {one.Value}")));
        var versions = peers.Prepend(Programs.Own).ToDictionary(program => program, VersionOf);
        var rows = new List<PeersRow>();
        var report = new PeersReport(
            DateTime.Now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Machine.Here(), versions, missing, settings.Work, settings.Rounds, settings.Seconds, rows);
        var table = new MarkdownTable(output, peers);
        table.WriteHead(report);
        Save();
        foreach (var model in settings.Networks)
            foreach (var batch in settings.Batches)
                foreach (var threads in settings.Threads)
                {
                    rows.Add(Compare(model, batch, threads, peers));
                    table.Write(rows[^1], settings.Work);
                    Save();
                }

        // Again after each row: a file that cannot be written is told at once, and what was measured is never lost.
        void Save()
        {
            if (settings.Json is { } path) PeersJson.Write(path, report);
        }
    }

    /// <summary>The peers that were asked for and can be run, and why others cannot.</summary>
    (List<string> Peers, Dictionary<string, string> Missing) FindPeers()
    {
        var (peers, missing) = (settings.Peers.ToList(), new Dictionary<string, string>());
        if (settings.Work == Work.Training && peers.Remove(Programs.OnnxRuntime)) missing.Add(Programs.OnnxRuntime, "it does not train");
        if (peers.Contains(Programs.TorchSharp) && !TorchLibrary.TryLoad(out var reason))
        {
            peers.Remove(Programs.TorchSharp);
            missing.Add(Programs.TorchSharp, reason);
        }
        return (peers, missing);
    }

    PeersRow Compare(Model model, int batch, int threads, List<string> peers)
    {
        using var device = new CpuDevice(threads);
        using var network = model.Create(device: device);
        RandomValues.FillNormalizations(network.Parameters);
        var workload = new Workload(network.Definition, batch, threads);
        var contenders = new List<IContender>();
        try
        {
            foreach (var program in peers.Prepend(Programs.Own)) contenders.AddRange(Begin(program, network, workload));
            var difference = Agreement.Check(contenders);
            return new(model.Name, batch, threads, new Rounds(settings.Rounds, settings.Seconds).Measure(contenders), difference);
        }
        finally
        {
            foreach (var contender in contenders) contender.Dispose();
        }
    }

    IEnumerable<IContender> Begin(string program, Network network, Workload workload) => (program, settings.Work) switch
    {
        (Programs.Own, Work.Inference) => [new OwnInference(network, workload)],
        (Programs.Own, Work.Training) => [new OwnTraining(network, workload)],
        (Programs.OnnxRuntime, Work.Inference) => [new OnnxInference(network.Parameters, workload)],
        (Programs.TorchSharp, Work.Inference) => Formats.Select(isChannelsLast => new TorchInference(network.Parameters, workload, isChannelsLast)),
        (Programs.TorchSharp, Work.Training) => Formats.Select(isChannelsLast => new TorchTraining(network.Parameters, workload, isChannelsLast)),
        _ => throw new ArgumentException($"{program} has no {settings.Work}", nameof(program)),
    };

    static bool[] Formats => [false, true];

    static string VersionOf(string program) => program switch
    {
        Programs.Own => Short(typeof(Network)),
        Programs.OnnxRuntime => OrtEnv.Instance().GetVersionString(),
        Programs.TorchSharp => $"{Short(typeof(torch))} (libtorch {torch.__version__})",
        _ => throw new ArgumentException($"There is no program {program}", nameof(program)),
    };

    /// <summary>The version of an assembly with the first digits of its commit.</summary>
    static string Short(Type type)
    {
        var version = type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        return version.Split('+') is [var number, { Length: > 8 } commit] ? $"{number}+{commit[..8]}" : version;
    }
}
