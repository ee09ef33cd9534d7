using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using ResNet.Runtime;
using ResNet.Tool.Networks;
using ResNet.Tool.Output;

namespace ResNet.Tool.Embedding;

/// <summary>Tells which network has computed an index, so that the same one embeds what is compared with it.</summary>
/// <param name="Model">Name or path of the network.</param>
/// <param name="Weights">Full path of a file of weights that was named; null for those that there are without.</param>
/// <param name="Key">The beginning of the names of the weights, in a file that has several sets; null in others.</param>
/// <param name="Checksum">Of the weights and the preprocessing.</param>
sealed record IndexOrigin(string Model, string? Weights, string? Key, string Checksum)
{
    /// <summary>Describes a network that is open.</summary>
    public static IndexOrigin Of(NetworkSource source, string? file, string? key, Network network) =>
        new(source.Model is null ? Path.GetFullPath(source.Name) : source.Name, file is null ? null : Path.GetFullPath(file), key, ChecksumOf(network));

    /// <summary>Reads what an index says.</summary>
    /// <param name="index">The index.</param>
    /// <param name="path">Its file, for the message.</param>
    /// <exception cref="ToolException">Another program has made the index.</exception>
    public static IndexOrigin Of(EmbeddingIndex index, string path)
    {
        try
        {
            return JsonSerializer.Deserialize(index.Origin, OriginJson.Default.IndexOrigin) is { Model: not null, Checksum: not null } origin ? origin : throw new JsonException("it names no model");
        }
        catch (JsonException)
        {
            throw new ToolException($"{path}: the index does not say which network has computed it; make it with resnet embed");
        }
    }

    /// <summary>The text that an index keeps.</summary>
    public string ToText() => JsonSerializer.Serialize(this, OriginJson.Default.IndexOrigin);

    /// <summary>The network and its weights, which may have moved.</summary>
    /// <param name="moved">The new place of the weights, or of the run; null if they were not moved.</param>
    public (NetworkSource Source, string? Weights) Find(string? moved) =>
        moved is not null && Path.IsPathRooted(Model) && Weights is null ? (NetworkSource.Find(moved), null) : (NetworkSource.Find(Model), moved ?? Weights);

    /// <summary>Checks that a network is the one that has computed the index.</summary>
    /// <exception cref="ToolException">It has other weights.</exception>
    public void Check(Network network, string path)
    {
        if (ChecksumOf(network) != Checksum)
            throw new ToolException($"{path}: the index was computed with other weights or another preprocessing than {Model} has now; make it anew with resnet embed, or name the weights with --weights");
    }

    static string ChecksumOf(Network network)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(network.Parameters.ReadTrained()));
        hash.AppendData(MemoryMarshal.AsBytes(network.Parameters.ReadStatistics()));
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(network.Preprocessing.ToString()));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

[JsonSerializable(typeof(IndexOrigin))]
sealed partial class OriginJson : JsonSerializerContext;
