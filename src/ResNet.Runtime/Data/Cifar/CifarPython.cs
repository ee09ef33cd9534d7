using ResNet.Runtime.Weights.Python;

namespace ResNet.Runtime.Data.Cifar;

/// <summary>
/// The Python version: a pickled dictionary of <c>data</c>, N × 3072 bytes, and <c>labels</c> or, of CIFAR-100, <c>fine_labels</c>.
/// Written by Python 2, as published, or by Python 3.
/// </summary>
static class CifarPython
{
    public static CifarFile Read(string path, byte[] content)
    {
        var pickle = new NumpyPickle(problem => new DatasetException($"{path}: {problem}"));
        if (new PickleReader(pickle, content).Read() is not PickleDict batch)
            throw new DatasetException($"{path}: expected a dictionary of data and labels, found none");

        var (classes, listed) = batch.TryGetValue("fine_labels", out var fine) ? (100, fine) : (10, batch.GetValueOrDefault("labels"));
        if (listed is not List<object?> labels)
            throw new DatasetException($"{path}: expected a list of labels or fine_labels, found the entries {string.Join(", ", batch.Keys.Take(8))}");
        if (batch.GetValueOrDefault("data") is not NumpyArray { Type.Name: "u1" } data)
            throw new DatasetException($"{path}: expected data, an array of bytes (u1), found {Describe(batch.GetValueOrDefault("data"))}");
        if (data.Shape is not [var rows, CifarFile.ImageBytes] || rows != labels.Count || rows == 0)
            throw new DatasetException($"{path}: expected data of {Math.Max(labels.Count, 1)} × {CifarFile.ImageBytes} bytes, as there are {labels.Count} labels, found {string.Join(" × ", data.Shape)}");
        if (data.Content.Length != rows * CifarFile.ImageBytes)
            throw new DatasetException($"{path}: expected {rows * CifarFile.ImageBytes} bytes of data, found {data.Content.Length}");

        var bytes = new byte[labels.Count];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = labels[i] is long label and >= 0 and <= byte.MaxValue ? (byte)label : throw new DatasetException(
                $"{path}: expected labels from 0 to {classes - 1}, found {labels[i] ?? "nothing"} in record {i}");
        return new(path, classes, data.IsColumnMajor ? Transposed(data.Content, bytes.Length) : data.Content, 0, CifarFile.ImageBytes, bytes);
    }

    static byte[] Transposed(byte[] columns, int rows)
    {
        var content = new byte[columns.Length];
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < CifarFile.ImageBytes; column++)
                content[row * CifarFile.ImageBytes + column] = columns[column * rows + row];
        return content;
    }

    static string Describe(object? data) => data is NumpyArray array ? $"an array of {array.Type?.Name ?? "nothing"}" : "none";
}
