using System.Globalization;
using ResNet.Runtime;
using ResNet.Runtime.Data;
using ResNet.Runtime.Data.Folders;

namespace ResNet.Data.Parquet.Reading;

/// <summary>The labels of all files together.</summary>
sealed class ParquetLabels
{
    readonly string _path;
    readonly ParquetFile[] _files;
    readonly IReadOnlyList<string>? _names;

    /// <summary>Gathers labels.</summary>
    /// <exception cref="DatasetException">Files have labels of different types or classes.</exception>
    public ParquetLabels(string path, ParquetFile[] files)
    {
        (_path, _files, _names) = (path, files, files[0].Names);
        // A file without rows says nothing about the type.
        var first = Array.Find(files, file => file.Rows > 0) ?? files[0];
        foreach (var file in files)
        {
            if (file.Rows > 0 && file.Texts.Count > 0 != first.Texts.Count > 0)
                throw new DatasetException($"{file.Path}, column {file.LabelColumn}: expected labels of one type, found others in {first.Path}");
            if (file.Names is null != _names is null || _names is not null && !_names.SequenceEqual(file.Names!))
                throw new DatasetException($"{file.Path}: expected the classes of {files[0].Path}, found others");
        }
    }

    /// <summary>Finds the classes, and that of each image.</summary>
    /// <param name="classes">Names of the classes that a network has; null for those of the data.</param>
    /// <exception cref="DatasetException">A label is no class, or the network has others.</exception>
    public (IReadOnlyList<string> Names, int[] Indices) Match(IReadOnlyList<string>? classes)
    {
        string[] texts = [.. _files.SelectMany(file => file.Texts)];
        if (texts.Length > 0) return new TextLabels(_path, texts, Place).Match(classes);
        long[] integers = [.. _files.SelectMany(file => file.Integers)];
        var count = _names?.Count ?? classes?.Count ?? Count(integers);
        if (Array.FindIndex(integers, label => label < 0 || label >= count) is >= 0 and var wrong)
            throw new DatasetException($"{Place(wrong)}: expected a class from 0 to {count - 1}, found {integers[wrong]}{(integers[wrong] == -1 ? ", as the hub has for images whose labels are not published" : "")}");
        int[] indices = Array.ConvertAll(integers, label => (int)label);
        if (_names is null) return (classes ?? [.. Enumerable.Range(0, count).Select(index => index.ToString(CultureInfo.InvariantCulture))], indices);
        if (classes is null) return (_names, indices);
        // Classes of the same names may stand in another order.
        var known = new ClassNames(classes);
        int[] order = [.. _names.Select(name => known.TryGetIndex(name, out var index) ? index : -1)];
        if (!order.Contains(-1) && order.Distinct().Count() == order.Length) return (classes, Array.ConvertAll(indices, index => order[index]));
        return (ImageDataset.NamesOf(_path, classes, _names), indices);
    }

    int Count(long[] integers) => integers.Max() is var last && last < TextLabels.MostClasses
        ? Math.Max(1, (int)last + 1)
        : throw new DatasetException($"{_path}: expected indices of classes below {TextLabels.MostClasses}, found {last}");

    string Place(int index)
    {
        var file = 0;
        for (; index >= _files[file].Rows; file++) index -= _files[file].Rows;
        return $"{_files[file].Path}, row {index}, column {_files[file].LabelColumn}";
    }
}
