namespace ResNet.Runtime.Imaging.Jpeg;

/// <summary>The second byte of JPEG's markers (T.81, table B.1).</summary>
static class Marker
{
    public const byte
        BaselineFrame = 0xC0, ExtendedFrame = 0xC1, ProgressiveFrame = 0xC2,
        HuffmanTables = 0xC4, StartOfImage = 0xD8, EndOfImage = 0xD9, StartOfScan = 0xDA,
        QuantizationTables = 0xDB, RestartInterval = 0xDD,
        App0 = 0xE0, App1 = 0xE1, App14 = 0xEE,
        FirstRestart = 0xD0, LastRestart = 0xD7, Temporary = 0x01;

    /// <summary>The place of the next marker, which is a byte of 0xFF and another that is neither 0 nor 0xFF; -1 where there is none.</summary>
    public static int Find(ReadOnlySpan<byte> content, int position)
    {
        for (int at = position; at + 1 < content.Length; at++)
            if (content[at] == 0xFF && content[at + 1] is not (0 or 0xFF))
                return at;
        return -1;
    }

    public static bool IsRestart(byte marker) => marker is >= FirstRestart and <= LastRestart;

    /// <summary>Whether a frame header of any coding process follows.</summary>
    public static bool IsFrame(byte marker) => marker is BaselineFrame or ExtendedFrame or ProgressiveFrame || UnsupportedFrame(marker) is not null;

    public static bool HasNoSegment(byte marker) => marker is (>= FirstRestart and <= StartOfImage) or Temporary;

    /// <summary>The name of the coding process whose frames are not read; null for a marker that is no such frame.</summary>
    public static string? UnsupportedFrame(byte marker) => marker switch
    {
        0xC3 => "lossless coding",
        0xC5 or 0xC6 or 0xC7 => "hierarchical coding",
        0xC9 or 0xCA or 0xCB or 0xCD or 0xCE or 0xCF => "arithmetic coding",
        0xF7 => "JPEG-LS",
        _ => null,
    };
}
