using System.Text;

namespace ResNet.Runtime.Weights.Files;

/// <summary>Names the kind of a file that holds no weights, or those of another program.</summary>
static class ForeignWeights
{
    static readonly (byte[] Signature, string Kind)[] _kinds =
    [
        ("version https://git-lfs"u8.ToArray(), "a pointer of Git LFS; fetch the file itself, by git lfs pull"),
        ("<!DOCTYPE"u8.ToArray(), "an HTML page, such as a server sends instead of the file; download the file itself"),
        ("<html"u8.ToArray(), "an HTML page, such as a server sends instead of the file; download the file itself"),
        ([0x89, (byte)'H', (byte)'D', (byte)'F'], "an HDF5 file, as Keras writes it; save the weights as safetensors"),
        ("GGUF"u8.ToArray(), "a GGUF file; save the weights as safetensors"),
        ([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'], "an array of NumPy; save the weights as safetensors"),
        ([0x1F, 0x8B], "a gzip archive; unpack it first"),
    ];

    public static string Describe(ReadOnlySpan<byte> start)
    {
        foreach (var (signature, kind) in _kinds)
            if (start.Length >= signature.Length && Ascii.EqualsIgnoreCase(start[..signature.Length], signature) || start.StartsWith(signature))
                return kind;
        return $"a file that begins with {Convert.ToHexString(start[..Math.Min(8, start.Length)])}";
    }
}
