using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace ResNet.Tests;

/// <summary>Reader of stored reference results.</summary>
static class Npy
{
    /// <summary>The values of a float32 .npy file of version 1.</summary>
    public static float[] Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var header = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8));
        Assert.Contains("'descr': '<f4', 'fortran_order': False", Encoding.ASCII.GetString(bytes, 10, header), StringComparison.Ordinal);
        return MemoryMarshal.Cast<byte, float>(bytes.AsSpan(10 + header)).ToArray();
    }
}
