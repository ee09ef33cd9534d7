using System.IO.Compression;
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

    public static string Text(string text) => "\x8c" + (char)text.Length + text;
}
