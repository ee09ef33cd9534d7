using System.Formats.Tar;
using System.Text;
using ResNet.Runtime.Data.Files;
using ResNet.Runtime.Data.Folders;

namespace ResNet.Runtime.Data.Shards;

/// <summary>
/// Lists the images of a tar file by its headers, without reading them. Entries that follow each other under one key, which is the name up to
/// its first dot, are one sample: <c>0001.jpg</c>, <c>0001.cls</c>.
/// </summary>
/// <param name="shard">The file.</param>
/// <param name="labelField">The field of <c>.json</c> that is the label; null for <c>.cls</c>, or the field <c>label</c> where there is none.</param>
sealed class ShardIndex(string shard, string? labelField)
{
    // Labels are short, and descriptions are not long.
    const int MostLabelBytes = 1 << 20;

    readonly List<ShardSample> _samples = [];
    string? _key;
    string? _text;
    string? _json;
    (string Name, long Offset, long Length)? _image;

    /// <summary>Samples without an image.</summary>
    public int WithoutImage { get; private set; }

    /// <summary>Reads the headers.</summary>
    /// <exception cref="DatasetException">The file is damaged, or an image has no label.</exception>
    public IReadOnlyList<ShardSample> Read()
    {
        foreach (var entry in TarArchive.Files(shard))
        {
            var (key, extension) = Split(entry.Name);
            // Archivers' own files beside each file.
            if (key is null) continue;
            if (key != _key) EndSample();
            _key = key;
            Add(entry, extension);
        }
        EndSample();
        return _samples;
    }

    void Add(TarEntry entry, string extension)
    {
        if (extension.Equals("cls", StringComparison.OrdinalIgnoreCase)) _text = TextOf(entry);
        else if (extension.Equals("json", StringComparison.OrdinalIgnoreCase)) _json = TextOf(entry);
        else if (!extension.Contains('.') && ImageFormats.HasExtension("." + extension))
        {
            if (_image is var (other, _, _)) throw new DatasetException($"{shard}: expected one image of {_key}, found {other} and {entry.Name}");
            _image = (entry.Name, entry.DataOffset, entry.Length);
        }
    }

    void EndSample()
    {
        if (_image is var (name, offset, length)) _samples.Add(new(shard, name, offset, length, Label()));
        else if (_key is not null) WithoutImage++;
        (_key, _text, _json, _image) = (null, null, null, null);
    }

    string Label()
    {
        if (labelField is null && _text is not null)
            return _text.Trim() is { Length: > 0 } label ? label : throw new DatasetException($"{shard}: expected a label in {_key}.cls, found it empty");
        if (_json is not null) return JsonList.TextOf($"{shard}, {_key}.json", _json, labelField ?? CsvList.LabelColumn);
        throw new DatasetException($"{shard}: expected a label of {_image!.Value.Name} in {_key}.{(labelField is null ? "cls" : "json")} next to it, found none; the files of a sample follow each other in an archive, as tar --sort=name packs them");
    }

    string TextOf(TarEntry entry)
    {
        if (entry.Length > MostLabelBytes) throw new DatasetException($"{shard}: expected a label, found {entry.Length} bytes in {entry.Name}");
        if (entry.DataStream is not { } content) return "";
        using var reader = new StreamReader(content, Encoding.UTF8, leaveOpen: true);
        return reader.ReadToEnd();
    }

    /// <summary>Splits a name at the first dot after its folder; no key where the name begins with the dot, as hidden files' do.</summary>
    static (string? Key, string Extension) Split(string name)
    {
        var dot = name.IndexOf('.', name.LastIndexOf('/') + 1);
        if (dot < 0) return (name, "");
        return dot == name.LastIndexOf('/') + 1 ? (null, "") : (name[..dot], name[(dot + 1)..]);
    }
}
