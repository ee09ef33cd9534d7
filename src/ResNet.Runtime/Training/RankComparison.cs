using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ResNet.Runtime.Communication;

namespace ResNet.Runtime.Training;

/// <summary>Compares the facts that have to be the same on all ranks: build, network, options and images, and weights and running statistics.</summary>
static class RankComparison
{
    /// <summary>Compares the settings of ranks.</summary>
    /// <param name="communicator">The ranks.</param>
    /// <param name="options">The options of training, as JSON.</param>
    /// <param name="images">The identity of the images, the same for each rank.</param>
    /// <param name="networks">The parameters of each network.</param>
    /// <exception cref="CommunicationException">Something differs; the message names it.</exception>
    public static void Settings(Communicator communicator, string options, string images, ReadOnlySpan<Parameters> networks)
    {
        var assembly = typeof(RankComparison).Assembly;
        var version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        List<(string, string)> facts = [("the build of ResNet.Runtime", $"{version} {assembly.ManifestModule.ModuleVersionId}")];
        foreach (var network in networks) facts.AddRange(network.Network.Layers().Select(row => ($"layer {row.Name}", $"{row.Layer}, {row.Input} to {row.Output}")));
        facts.AddRange(JsonNode.Parse(options)!.AsObject().Select(option => ($"the option {option.Key}", option.Value?.ToJsonString() ?? "null")));
        facts.Add(("the training images", images));
        Compare(communicator, "settings", facts);
    }

    /// <summary>Compares weights and running statistics.</summary>
    /// <param name="communicator">The ranks.</param>
    /// <param name="step">Number of steps that were made.</param>
    /// <param name="networks">The parameters of each network.</param>
    /// <exception cref="CommunicationException">Something differs; the message names the first tensor.</exception>
    public static void Weights(Communicator communicator, long step, ReadOnlySpan<Parameters> networks)
    {
        List<(string, string)> facts = [];
        foreach (var network in networks)
            facts.AddRange(network.Tensors.Select(tensor => ($"the hash of {tensor.Name} after {step} steps", Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(tensor.Read()))[..8]))));
        Compare(communicator, "weights", facts);
    }

    static void Compare(Communicator communicator, string what, List<(string Name, string Value)> facts)
    {
        // Neither character is part of a name or a value: JSON escapes them.
        const char Line = '\u001e', Column = '\u001f';
        var own = string.Join(Line, facts.Select(fact => $"{fact.Name}{Column}{fact.Value}"));
        var first = communicator.Broadcast(own, root: 0, what);
        var differences = communicator.Gather(own == first ? 0 : 1, what);
        var other = Array.IndexOf(differences, 1);
        if (other < 0) return;
        var message = communicator.Rank == other ? Difference(first.Split(Line), own.Split(Line), other) : "";
        throw new CommunicationException(communicator.Broadcast(message, other, $"difference of {what}"));

        static string Difference(string[] first, string[] own, int rank)
        {
            var at = Enumerable.Range(0, Math.Max(first.Length, own.Length)).First(i => i >= first.Length || i >= own.Length || first[i] != own[i]);
            var (name, value) = Fact(own, at);
            var (nameOfFirst, valueOfFirst) = Fact(first, at);
            return name == nameOfFirst
                ? $"rank {rank} differs from rank 0: {name} is {value}, and {valueOfFirst} on rank 0"
                : $"rank {rank} differs from rank 0: it has {name} ({value}) where rank 0 has {nameOfFirst} ({valueOfFirst})";
        }

        static (string Name, string Value) Fact(string[] facts, int at) => at < facts.Length && facts[at].Split(Column) is [var name, var value] ? (name, value) : ("nothing", "");
    }
}
