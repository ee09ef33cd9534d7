using System.IO.Compression;
using System.Text;

namespace ResNet.Fuzz.Formats;

/// <summary>Files of weights.</summary>
static class WeightFiles
{
    public static Format SafeTensors { get; } = new("safetensors", ReadNetwork, SafeTensorsSeeds, typeof(WeightsException))
    {
        Words =
        [
            "__metadata__", "dtype", "shape", "data_offsets", "F32", "F64", "BF16", "I64", "F8_E4M3", "\"architecture\":", "\\\"kind\\\":\\\"conv\\\"", "repeat", "residual", "branch", "labels", "metrics",
            "preprocessing", "null", "-1", "1e9", "2147483647",
        ],
    };

    public static Format Torch { get; } = new("torch", ReadAll, () => Seeds.Of("*.pth"), typeof(WeightsException))
    {
        Words = ["PK\x01\x02", "PK\x03\x04", "PK\x05\x06", "PK\x06\x06", "PK\x06\x07", "archive/data.pkl", "archive/data/0"],
    };

    /// <summary>A pickle alone, within an intact archive.</summary>
    public static Format Pickle { get; } = new("pickle", (content, folder) => ReadAll(Archive(content), folder), PickleSeeds, typeof(WeightsException))
    {
        Words = ["ctorch._utils\n_rebuild_tensor_v2\n", "ctorch\nFloatStorage\n", "ccollections\nOrderedDict\n", "\x8c\x07storage", "\x80\x02", "tR", "tQ", "\x8a\x08", "u.", "h\x01", "q\x01", "}(", "](", "e"],
    };

    static void ReadAll(byte[] content, string folder)
    {
        using var file = WeightFile.Open(content, "weights");
        foreach (var tensor in file.Tensors) tensor.ToArray();
    }

    static void ReadNetwork(byte[] content, string folder)
    {
        ReadAll(content, folder);
        var path = Path.Combine(folder, "weights.safetensors");
        File.WriteAllBytes(path, content);
        Network.Open(path).Dispose();
    }

    static IEnumerable<byte[]> SafeTensorsSeeds()
    {
        var path = Path.GetTempFileName();
        using (var network = Small.Network())
        {
            network.Labels = ["cat", "dog"];
            network.Save(path);
        }
        var content = File.ReadAllBytes(path);
        File.Delete(path);
        using var plain = new MemoryStream();
        WeightFile.Save(plain, [new("a", [2, 2], new float[4]), new("b", [], new float[1])], new Dictionary<string, string> { ["format"] = "pt" });
        return [content, plain.ToArray()];
    }

    static IEnumerable<byte[]> PickleSeeds()
    {
        const string tensor = "ctorch._utils\n_rebuild_tensor_v2\n((\x8c\x07storagectorch\nFloatStorage\n\x8c\x01" + "0\x8c\x03" + "cpuK\x04tQK\x00K\x02K\x02\x86K\x02K\x01\x86\x89}tR";
        string[] pickles =
        [
            $"\x80\x02}}(\x8c\x01w{tensor}u.",
            $"\u0080\u0002ccollections\nOrderedDict\nq\x00)Rq\x01(X\x01\x00\x00\x00wq\x02{tensor}u}}\x8c\x09_metadata}}sb.",
            $"\x80\x04}}\x94(\x8c\x05model\x94}}\x94\x8c\x01w{tensor}s\x8c\x05" + "epochK\x03\u008c\u0004argscargparse\nNamespace\n)\x81}\x8c\x02lrG?\xb9\x99\x99\x99\x99\x99\x9asbu.",
        ];
        return pickles.Select(Encoding.Latin1.GetBytes);
    }

    static byte[] Archive(byte[] pickle)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in (ReadOnlySpan<(string, byte[])>)[("archive/data.pkl", pickle), ("archive/data/0", new byte[16])])
            {
                using var entry = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
                entry.Write(content);
            }
        }
        return stream.ToArray();
    }
}
