using ResNet.Fuzz.Formats;

namespace ResNet.Fuzz;

/// <summary>All formats, by name.</summary>
static class AllFormats
{
    static readonly Format[] _formats =
    [
        Pictures.Jpeg, Pictures.Png, Pictures.Bmp,
        WeightFiles.SafeTensors, WeightFiles.Torch, WeightFiles.Pickle, OnnxModels.Onnx,
        Datasets.Tar, Datasets.Idx, Datasets.Csv, Datasets.Cifar, Datasets.Parquet,
        Annotations.Voc, Annotations.Coco, Declarations.Define,
    ];

    public static IEnumerable<string> Names => _formats.Select(format => format.Name);

    public static Format? Find(string name) => Array.Find(_formats, format => format.Name == name);
}
