using System.Text;
using ResNet.Runtime.Data.Files;
using ResNet.Runtime.Weights.Python;

namespace ResNet.Runtime.Data.Cifar;

/// <summary>The names of CIFAR's classes, from the files that its archives have beside the images.</summary>
static class CifarNames
{
    /// <summary>The names for a file of images; where its folder does not give them, CIFAR-10's as published, and numbers for CIFAR-100.</summary>
    /// <exception cref="DatasetException">The folder gives another number of names.</exception>
    public static IReadOnlyList<string> Of(CifarFile file)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(file.Path))!;
        var (text, pickle, key) = file.Classes == 10 ? ("batches.meta.txt", "batches.meta", "label_names") : ("fine_label_names.txt", "meta", "fine_label_names");
        if (Path.Combine(folder, text) is var textPath && File.Exists(textPath)) return Checked(textPath, Labels.Load(textPath), file.Classes);
        if (Path.Combine(folder, pickle) is var picklePath && File.Exists(picklePath)) return Checked(picklePath, Read(picklePath, key), file.Classes);
        return file.Classes == 10 ? Labels.Cifar10 : [.. Enumerable.Range(0, file.Classes).Select(index => $"class {index}")];
    }

    static List<string> Read(string path, string key)
    {
        var content = DatasetFile.ReadAll(path);
        var reader = new PickleReader(new NumpyPickle(problem => new DatasetException($"{path}: {problem}")), content);
        if (reader.Read() is not PickleDict meta || meta.GetValueOrDefault(key) is not List<object?> names)
            throw new DatasetException($"{path}: expected a dictionary with a list of names, {key}, found none");
        return names.ConvertAll(name => name switch
        {
            string written => written,
            // Python 2's strings.
            byte[] bytes => Encoding.UTF8.GetString(bytes),
            _ => throw new DatasetException($"{path}: expected names in {key}, found {name ?? "nothing"}"),
        });
    }

    static IReadOnlyList<string> Checked(string path, IReadOnlyList<string> names, int classes) => names.Count == classes ? names
        : throw new DatasetException($"{path}: expected the names of {classes} classes, found {names.Count}");
}
