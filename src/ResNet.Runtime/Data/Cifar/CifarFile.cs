using ResNet.Runtime.Data.Files;

namespace ResNet.Runtime.Data.Cifar;

/// <summary>One file's images and labels; the planes of image i are <see cref="ImageBytes"/> bytes from Offset + i · Stride on.</summary>
sealed record CifarFile(string Path, int Classes, byte[] Content, int Offset, int Stride, byte[] Labels)
{
    /// <summary>Red, green and blue planes of 32 × 32.</summary>
    public const int Side = 32;

    public const int ImageBytes = 3 * Side * Side;

    public int Count => Labels.Length;

    public ReadOnlySpan<byte> Planes(int index) => Content.AsSpan(Offset + index * Stride, ImageBytes);

    /// <summary>Reads a file of the binary or the Python version.</summary>
    public static CifarFile Read(string path)
    {
        var content = DatasetFile.ReadAll(path);
        // A pickle begins with 0x80, which is no label; the archives' pickles have no extension.
        var file = content is [0x80, ..] || System.IO.Path.GetExtension(path).Length == 0 ? CifarPython.Read(path, content) : CifarBinary.Read(path, content);
        var wrong = file.Labels.AsSpan().IndexOfAnyInRange((byte)file.Classes, byte.MaxValue);
        return wrong < 0 ? file : throw new DatasetException(
            $"{path}: expected labels from 0 to {file.Classes - 1}, found {file.Labels[wrong]} in record {wrong}");
    }
}
