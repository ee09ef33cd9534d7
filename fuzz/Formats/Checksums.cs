using System.Buffers.Binary;
using System.Text;
using ResNet.Tests.Imaging;

namespace ResNet.Fuzz.Formats;

/// <summary>Makes damaged files pass their checksums, so that damage reaches the code behind them.</summary>
static class Checksums
{
    const int TarBlock = 512;

    public static byte[] RepairPng(byte[] content)
    {
        for (var at = 8; at + 12 <= content.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(content.AsSpan(at));
            if (length > content.Length - at - 12) break;
            BinaryPrimitives.WriteUInt32BigEndian(content.AsSpan(at + 8 + (int)length), PngWriter.Crc(content.AsSpan(at + 4, 4 + (int)length)));
            at += 12 + (int)length;
        }
        return content;
    }

    public static byte[] RepairTar(byte[] content)
    {
        for (var at = 0L; at + TarBlock <= content.Length;)
        {
            var header = content.AsSpan((int)at, TarBlock);
            if (header.IndexOfAnyExcept((byte)0) < 0) break;
            header.Slice(148, 8).Fill((byte)' ');
            var sum = 0;
            foreach (var value in header) sum += value;
            Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ", header.Slice(148, 8));
            at += TarBlock * (1 + (SizeOf(header) + TarBlock - 1) / TarBlock);
        }
        return content;
    }

    static long SizeOf(ReadOnlySpan<byte> header)
    {
        var size = 0L;
        foreach (var digit in header.Slice(124, 11))
            if (digit is >= (byte)'0' and <= (byte)'7') size = 8 * size + digit - '0';
        return size;
    }
}
