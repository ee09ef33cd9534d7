namespace ResNet.Runtime.Imaging.Png;

/// <summary>The cyclic redundancy check of PNG's chunks (ISO 3309).</summary>
static class Crc32
{
    static readonly uint[] _table = CreateTable();

    public static uint Compute(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in data)
            crc = _table[(byte)(crc ^ value)] ^ crc >> 8;
        return ~crc;
    }

    static uint[] CreateTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint crc = i;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 0 ? crc >> 1 : 0xEDB88320 ^ crc >> 1;
            table[i] = crc;
        }
        return table;
    }
}
