using System.Globalization;
using System.Numerics.Tensors;
using System.Text.Json;
using System.Text.Json.Serialization;
using ResNet.Runtime.Weights;

namespace ResNet.Runtime;

/// <summary>
/// Embeddings of named pictures, in which similar ones are found by comparing with all: 100,000 of 512 values each take 200 MB, and some ten
/// milliseconds a search. Its methods may be called from several threads at once.
/// </summary>
public sealed class EmbeddingIndex
{
    const string VectorsName = "embeddings", NamesKey = "names", OriginKey = "embedded_by";

    readonly Tensor _vectors;

    /// <summary>Makes an index.</summary>
    /// <param name="names">A name for each picture.</param>
    /// <param name="vectors">pictures × features, as <see cref="Network.Embed(Tensor, bool)"/> gives them. They are copied and normalized.</param>
    /// <param name="origin">Text that tells what computed the embeddings; <see cref="Save"/> keeps it.</param>
    /// <exception cref="ArgumentException">The vectors are no matrix with a row for each name, or a value is not finite.</exception>
    public EmbeddingIndex(IReadOnlyList<string> names, Tensor vectors, string origin = "")
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(vectors);
        if (vectors.Shape is not [var count, > 0] || count != names.Count)
            throw new ArgumentException($"There are {names.Count} names for embeddings of {vectors}; expected {names.Count}×features", nameof(vectors));
        (Names, Origin, _vectors) = ([.. names], origin, new(vectors.Data.ToArray(), vectors.Shape));
        for (var i = 0; i < Count; i++)
            if (!float.IsFinite(TensorPrimitives.Norm<float>(_vectors[i]))) throw new ArgumentException($"The embedding of {names[i]} has values that are not finite", nameof(vectors));
        _vectors.NormalizeItems();
    }

    /// <summary>Number of pictures.</summary>
    public int Count => Names.Count;

    /// <summary>Number of values of an embedding.</summary>
    public int Dimensions => _vectors.Shape[1];

    /// <summary>The names of the pictures.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The description of the network that computed the embeddings; empty if unknown. Only embeddings of one network and weights can be compared.</summary>
    public string Origin { get; }

    /// <summary>The normalized embedding of a picture.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    public ReadOnlySpan<float> this[int index] => _vectors[index];

    /// <summary>Finds the pictures that are most like another one.</summary>
    /// <param name="embedding">The other picture's embedding, normalized or not.</param>
    /// <param name="top">Greatest number of results; all if there are fewer.</param>
    /// <returns>The most similar ones, in order of falling similarity; equally similar ones keep the order of the index.</returns>
    /// <exception cref="ArgumentException">The embedding has another length, or values that are not finite.</exception>
    public IReadOnlyList<Neighbor> Find(ReadOnlySpan<float> embedding, int top = 5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        if (embedding.Length != Dimensions)
            throw new ArgumentException($"The embedding has {embedding.Length} values, those of the index have {Dimensions}: another network has computed it", nameof(embedding));
        var norm = TensorPrimitives.Norm(embedding);
        if (!float.IsFinite(norm)) throw new ArgumentException("The embedding has values that are not finite", nameof(embedding));
        // The least similar of the best is the first to go; of equals, the last.
        var best = new PriorityQueue<int, (float Similarity, int Last)>();
        for (var i = 0; i < Count; i++)
        {
            var similarity = norm > 0 ? TensorPrimitives.Dot(embedding, _vectors[i]) / norm : 0;
            if (best.Count < top) best.Enqueue(i, (similarity, -i));
            else best.EnqueueDequeue(i, (similarity, -i));
        }
        var found = new Neighbor[best.Count];
        while (best.TryDequeue(out var index, out var key)) found[best.Count] = new(index, Names[index], key.Similarity);
        return found;
    }

    /// <summary>Writes the index as a safetensors file, which replaces an existing one as a whole.</summary>
    /// <param name="path">The file.</param>
    public void Save(string path) => WeightFile.Save(path, [new WeightTensor(VectorsName, [.. _vectors.Shape], _vectors.Data.ToArray())], new Dictionary<string, string>
    {
        [NamesKey] = JsonSerializer.Serialize([.. Names], IndexJson.Default.StringArray),
        [OriginKey] = Origin,
    });

    /// <summary>Reads what <see cref="Save"/> has written.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="WeightsException">The file is broken, or no index.</exception>
    public static EmbeddingIndex Open(string path)
    {
        using var file = WeightFile.Open(path);
        if (!file.Metadata.TryGetValue(NamesKey, out var text))
            throw new WeightsException(path, "the file is no index of embeddings", expected: "what EmbeddingIndex.Save or resnet embed writes");
        var tensor = file[VectorsName];
        try
        {
            var names = JsonSerializer.Deserialize(text, IndexJson.Default.StringArray) ?? throw new JsonException("null");
            var vectors = new Tensor([.. tensor.Shape]);
            tensor.CopyTo(vectors.Data);
            return new(names, vectors, file.Metadata.GetValueOrDefault(OriginKey, ""));
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new WeightsException(path, string.Create(CultureInfo.InvariantCulture, $"the index cannot be read: {e.Message}"), inner: e);
        }
    }
}

[JsonSerializable(typeof(string[]))]
sealed partial class IndexJson : JsonSerializerContext;
