using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using ResNet.Tests;

namespace ResNet.Runtime.Tests.Formats;

/// <summary>Files that PyTorch wrote (Files/make.py), and hand-made ones that it never would.</summary>
static class TorchFiles
{
    public static string Path(string name) =>
        System.IO.Path.Combine(SharedData.Root, "tests", "ResNet.Runtime.Tests", "Formats", "Files", name);

    /// <summary>A pickle from its instructions: text is taken as Latin-1.</summary>
    public static byte[] Pickle(string instructions) => Encoding.Latin1.GetBytes("\x80\x02" + instructions + ".");

    /// <summary>A zip archive as torch.save lays it out, around any pickle.</summary>
    public static byte[] Zip(byte[] pickle, CompressionLevel level = CompressionLevel.NoCompression, params (string Name, byte[] Bytes)[] others)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, bytes) in others.Prepend(("archive/data.pkl", pickle)))
            {
                using var entry = archive.CreateEntry(name, level).Open();
                entry.Write(bytes);
            }
        return stream.ToArray();
    }

    /// <summary>The instructions for a dictionary of one float tensor "w" over storage "0" of the given length.</summary>
    public static string OneTensor(string elements, string offset, string size, string stride) =>
        "}" + Text("w") + "ctorch._utils\n_rebuild_tensor_v2\n(("
        + Text("storage") + "ctorch\nFloatStorage\n" + Text("0") + Text("cpu") + elements + "tQ"
        + offset + size + stride + "\x89}tRs";

    /// <summary>The instructions for a dictionary.</summary>
    public static string Dict(params (string Name, string Value)[] entries) => "}(" + string.Concat(entries.Select(entry => Text(entry.Name) + entry.Value)) + "u";

    /// <summary>The instructions for a tensor that fills a storage of floats; sizes are below 256.</summary>
    public static string Tensor(string storage, params int[] shape)
    {
        var strides = shape.Select((_, i) => shape.Skip(i + 1).Aggregate(1, (a, b) => a * b));
        return "ctorch._utils\n_rebuild_tensor_v2\n((" + Text("storage") + "ctorch\nFloatStorage\n" + Text(storage) + Text("cpu") + Byte(shape.Aggregate(1, (a, b) => a * b)) + "tQK\0"
            + Tuple(shape) + Tuple(strides) + "\x89}tR";

        static string Byte(int value) => "K" + (char)value;
        static string Tuple(IEnumerable<int> values) => "(" + string.Concat(values.Select(Byte)) + "t";
    }

    /// <summary>A file around a pickle, with storages of floats.</summary>
    public static byte[] Zip(string instructions, params (string Storage, float[] Values)[] storages) =>
        Zip(Pickle(instructions), others: [.. storages.Select(storage => ($"archive/data/{storage.Storage}", MemoryMarshal.AsBytes(storage.Values.AsSpan()).ToArray()))]);

    public static string Text(string text) => "\x8c" + (char)text.Length + text;
}
