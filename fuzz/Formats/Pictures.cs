using ResNet.Tests.Imaging;

namespace ResNet.Fuzz.Formats;

/// <summary>Images.</summary>
static class Pictures
{
    /// <summary>A file of a few kilobytes may declare, and compress, many pixels: decoding as many as this fits the memory.</summary>
    static readonly ImageOptions _options = new() { MaxPixels = 1 << 23 };

    public static Format Jpeg { get; } = new("jpeg", (content, _) => Read(content), () => Seeds.Of("*.jpg"), typeof(ImageException))
    {
        Words = ["\xff\xc0", "\xff\xc2", "\xff\xc4", "\xff\xda", "\xff\xdb", "\xff\xdd", "\xff\xd0", "\xff\xd9", "\xff\xe1", "\xff\xee", "Exif\0\0", "JFIF\0", "Adobe"],
    };

    public static Format Png { get; } = new("png", (content, _) => Read(Checksums.RepairPng(content)), PngSeeds, typeof(ImageException))
    {
        Words = ["IHDR", "PLTE", "IDAT", "IEND", "tRNS", "\0\0\0\x0d"],
    };

    public static Format Bmp { get; } = new("bmp", (content, _) => Read(content), BmpSeeds, typeof(ImageException));

    static void Read(byte[] content)
    {
        Image.Identify(content);
        Image.Decode(content, _options);
    }

    static IEnumerable<byte[]> PngSeeds()
    {
        (int Color, int Channels, int[] Depths)[] kinds = [(0, 1, [1, 2, 4, 8, 16]), (2, 3, [8, 16]), (3, 1, [1, 2, 4]), (4, 2, [8, 16]), (6, 4, [8, 16])];
        byte[] palette = [.. Enumerable.Range(0, 48).Select(value => (byte)(5 * value))];
        var written = from kind in kinds
                      from depth in kind.Depths
                      from interlaced in (bool[])[false, true]
                      select PngWriter.Write(Samples(kind.Channels, depth), depth, kind.Color, interlaced, kind.Color == 3 ? palette : null);
        return [.. Seeds.Of("*.png"), .. written];
    }

    static int[,,] Samples(int channels, int depth)
    {
        var (random, samples) = (new Random(depth), new int[5, 9, channels]);
        for (var y = 0; y < 5; y++)
            for (var x = 0; x < 9; x++)
                for (var c = 0; c < channels; c++) samples[y, x, c] = random.Next(1 << depth);
        return samples;
    }

    static IEnumerable<byte[]> BmpSeeds()
    {
        byte[] palette = [.. Enumerable.Range(0, 64).Select(value => (byte)(4 * value))];
        byte[] runs = [3, 1, 0, 0, 0, 3, 1, 2, 3, 0, 0, 0, 1, 2, 0, 2, 1, 1, 1, 3, 0, 1];
        return
        [
            .. Seeds.Of("*.bmp"),
            BmpWriter.Write(40, 4, 4, 8, 1, palette, runs, colors: 16),
            BmpWriter.Write(40, 5, 4, 4, 2, palette, runs),
            BmpWriter.Write(40, 2, 1, 16, 3, BmpWriter.Masks(0xF800, 0x07E0, 0x1F), [0x00, 0xF8, 0xE0, 0x07]),
            BmpWriter.Write(108, 2, -1, 32, 3, BmpWriter.Masks(0xFF, 0xFF00, 0xFF0000), [1, 2, 3, 4, 5, 6, 7, 8]),
            BmpWriter.Write(12, 2, 1, 24, 0, [], [1, 2, 3, 4, 5, 6, 0, 0]),
        ];
    }
}
