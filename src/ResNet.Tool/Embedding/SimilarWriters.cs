using System.Globalization;
using ResNet.Runtime;
using ResNet.Tool.Output;

namespace ResNet.Tool.Embedding;

/// <summary>The file's name and a line per similar picture; of files that cannot be read, nothing.</summary>
sealed class SimilarText(TextWriter output, EmbeddingIndex index, int top) : ResultWriter<EmbeddedFile>
{
    public override void Write(EmbeddedFile file)
    {
        if (file.Vector is null) return;
        output.WriteLine(file.Path);
        foreach (var neighbor in index.Find(file.Vector, top))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {neighbor.Similarity,6:F3}  {neighbor.Name}"));
    }
}

/// <summary>One JSON value of all files that can be read.</summary>
sealed class SimilarJson(TextWriter output, string model, string indexPath, EmbeddingIndex index, int top) : ResultWriter<EmbeddedFile>
{
    readonly List<SimilarImages> _images = [];

    public override void Write(EmbeddedFile file)
    {
        if (file.Vector is not null)
            _images.Add(new(file.Path, [.. index.Find(file.Vector, top).Select(neighbor => new SimilarImage(neighbor.Name, neighbor.Similarity))]));
    }

    public override void End() => ReportContext.Write(output, new SimilarReport(model, indexPath, index.Count, _images));
}

/// <summary>Collects the embeddings of the files that can be read.</summary>
sealed class IndexWriter : ResultWriter<EmbeddedFile>
{
    readonly List<EmbeddedFile> _files = [];

    public int Count => _files.Count;

    /// <summary>The files.</summary>
    public IEnumerable<string> Paths => _files.Select(file => file.Path);

    public override void Write(EmbeddedFile file)
    {
        if (file.Vector is not null) _files.Add(file);
    }

    /// <summary>Makes the index.</summary>
    /// <param name="origin">Tells what has computed the embeddings.</param>
    public EmbeddingIndex ToIndex(IndexOrigin origin)
    {
        var vectors = new Tensor(_files.Count, _files[0].Vector!.Length);
        for (var i = 0; i < _files.Count; i++) _files[i].Vector!.CopyTo(vectors[i]);
        return new([.. _files.Select(file => file.Path)], vectors, origin.ToText());
    }
}
