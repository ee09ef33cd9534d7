using System.Text;
using ResNet.Runtime;
using ResNet.Runtime.Data;

namespace ResNet.Serve.Tests;

/// <summary>The uploads to the server, good and bad.</summary>
static class Uploads
{
    static readonly Shapes10 _pictures = new(32);

    /// <summary>The network that the example serves by default.</summary>
    public static string Weights { get; } = Path.Combine(AppContext.BaseDirectory, "cifar-resnet20.safetensors");

    /// <summary>Files that are no photos, each by its kind.</summary>
    public static IReadOnlyDictionary<string, Func<byte[]>> Hostile { get; } = new Dictionary<string, Func<byte[]>>
    {
        ["nothing"] = () => [],
        ["text"] = () => Encoding.UTF8.GetBytes("a cat"),
        ["a page"] = () => Encoding.UTF8.GetBytes("<!doctype html><html><script>alert(1)</script></html>"),
        ["a truncated photo"] = () => Photo(0)[..^200],
        ["a damaged photo"] = () => Damaged(Photo(0)),
        ["a bitmap that claims 60,000 × 60,000 pixels"] = () => Bitmap(60_000, 60_000),
        ["noise that begins as a JPEG"] = () => [0xFF, 0xD8, 0xFF, 0xDB, .. Noise(4000)],
        ["noise"] = () => Noise(100_000),
    };

    /// <summary>A PNG.</summary>
    public static byte[] Photo(int index)
    {
        using var stream = new MemoryStream();
        _pictures.Load(index % _pictures.Count).SavePng(stream);
        return stream.ToArray();
    }

    /// <summary>With its compressed pixels overwritten.</summary>
    static byte[] Damaged(byte[] png)
    {
        Array.Fill<byte>(png, 0xFF, png.Length / 2, 40);
        return png;
    }

    static byte[] Bitmap(int width, int height)
    {
        var file = new byte[54];
        "BM"u8.CopyTo(file);
        (file[10], file[14], file[26], file[28]) = (54, 40, 1, 24);
        BitConverter.TryWriteBytes(file.AsSpan(18), width);
        BitConverter.TryWriteBytes(file.AsSpan(22), height);
        return file;
    }

    static byte[] Noise(int length)
    {
        var bytes = new byte[length];
#pragma warning disable CA5394 // bytes to send, not secrets
        new Random(length).NextBytes(bytes);
#pragma warning restore CA5394
        return bytes;
    }
}
