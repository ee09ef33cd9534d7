using ResNet.Formats.Tests.Parquet;
using ResNet.Runtime;

namespace ResNet.Tool.Tests;

/// <summary>Data and images that the tool reads by packages beside the runtime.</summary>
public sealed class DataFormatTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Parquet_files_are_evaluated_by_their_classes_names()
    {
        const string hub = """{"info": {"features": {"img": {"_type": "Image"}, "label": {"names": ["dog", "Cat"], "_type": "ClassLabel"}}}}""";
        using var image = new MemoryStream();
        Image.FromRgb(32, 32, new byte[3072]).SavePng(image);
        ParquetFiles.Write(_folder.File("data/test-00000-of-00001.parquet"), [image.ToArray(), image.ToArray(), image.ToArray()], [0, 1, 1], hub: hub);
        ParquetFiles.Write(_folder.File("data/train-00000-of-00001.parquet"), [image.ToArray()], [0], hub: hub);

        var report = await Tool.RunJsonWithProgressAsync("evaluate", "cifar-resnet20", "--weights", Tool.SaveResNet20(_folder), "--data", _folder.Path,
            "--predictions", _folder.File("answers.csv"), "--threads", "1");
        Assert.Equal(3, report.GetProperty("images").GetInt32());
        // The network's numbers of dog and cat.
        Assert.Equal(["5", "3", "3"], File.ReadLines(_folder.File("answers.csv")).Skip(1).Select(line => line.Split(',')[1]));
    }

    [Fact]
    public async Task WebP_and_GIF_are_known()
    {
        var path = _folder.Write("a.webp", "RIFF\u0010\0\0\0WEBPVP8 "u8);
        Assert.Contains($"{path}: WebP: expected a header", await Tool.RunFailingAsync(1, "classify", "cifar-resnet20", path), StringComparison.Ordinal);
        Assert.Contains("Expected a GIF, WebP, JPEG, PNG or BMP image", await Tool.RunFailingAsync(1, "classify", "cifar-resnet20", _folder.Write("b.webp", "x"u8)), StringComparison.Ordinal);
    }
}
