using ResNet.Runtime;

namespace ResNet.Tests.Imaging;

public class PngDecoderTests
{
    const int Grey = 0, Rgb = 2, Palette = 3, GreyAlpha = 4, RgbAlpha = 6;

    public static TheoryData<int, int, bool, int, int> Kinds
    {
        get
        {
            var kinds = new TheoryData<int, int, bool, int, int>();
            foreach (var (color, depths) in new (int, int[])[] { (Grey, [1, 2, 4, 8, 16]), (Rgb, [8, 16]), (Palette, [1, 2, 4, 8]), (GreyAlpha, [8, 16]), (RgbAlpha, [8, 16]) })
                foreach (int depth in depths)
                    foreach (var (width, height) in new[] { (19, 13), (1, 1), (3, 9) })
                        foreach (bool interlaced in new[] { false, true })
                            kinds.Add(color, depth, interlaced, width, height);
            return kinds;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_is_decoded(int color, int depth, bool interlaced, int width, int height)
    {
        int channels = color switch { Rgb => 3, GreyAlpha => 2, RgbAlpha => 4, _ => 1 };
        var random = new Random(100 * color + depth);
        var samples = new int[height, width, channels];
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                for (int c = 0; c < channels; c++)
                    samples[y, x, c] = random.Next(1 << depth);
        var palette = new byte[3 << Math.Min(depth, 8)];
        random.NextBytes(palette);

        bool isPalette = color == Palette;
        var image = Image.Decode(PngWriter.Write(samples, depth, color, interlaced, isPalette ? palette : null, isPalette ? [0, 128] : null));

        Assert.Equal((width, height), (image.Width, image.Height));
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                byte Channel(int c) => isPalette ? palette[3 * samples[y, x, 0] + c]
                    : depth == 16 ? (byte)(samples[y, x, channels < 3 ? 0 : c] >> 8)
                    : (byte)(samples[y, x, channels < 3 ? 0 : c] * 255 / ((1 << depth) - 1));
                Assert.Equal((Channel(0), Channel(1), Channel(2)), image[x, y]);
            }
        }
    }

    [Theory]
    [InlineData("palette-8.png")]
    [InlineData("rgba.png")]
    public void Pixels_equal_Pillows(string name) => TestFiles.AssertEqualsReference(name);

    static PngWriter Plain(byte[] rows, int width = 2, int height = 2, int depth = 8, int color = Grey) =>
        new PngWriter().Header(width, height, depth, color).Chunk("IDAT", PngWriter.Compress(rows));

    static void AssertRefused(PngWriter png, string reason) =>
        Assert.Contains(reason, Assert.Throws<ImageException>(() => Image.Decode(png.ToArray())).Message);

    [Fact]
    public void Damage_is_told()
    {
        byte[] rows = [0, 1, 2, 0, 3, 4];
        Assert.Equal((4, 4, 4), Image.Decode(Plain(rows).Chunk("IEND").ToArray())[1, 1]);

        AssertRefused(Plain(rows[..5]).Chunk("IEND"), "too little data");
        AssertRefused(Plain([5, .. rows[1..]]).Chunk("IEND"), "filter from 0 to 4, found 5");
        AssertRefused(Plain(rows, depth: 3).Chunk("IEND"), "3 bits");
        AssertRefused(Plain(rows, color: 5).Chunk("IEND"), "type 5");
        AssertRefused(Plain(rows, color: Palette).Chunk("IEND"), "palette");
        AssertRefused(Plain(rows, width: 0).Chunk("IEND"), "positive size");
        AssertRefused(Plain(rows, width: 13_000, height: 10_000).Chunk("IEND"), "so short");
        AssertRefused(Plain(rows, width: 1 << 15, height: 1 << 14).Chunk("IEND"), "pixels, found 32768×16384");
        AssertRefused(Plain(rows).Chunk("CgBI").Chunk("IEND"), "CgBI");
        AssertRefused(new PngWriter().Chunk("IDAT").Chunk("IEND"), "IHDR first");
        AssertRefused(new PngWriter().Header(2, 2, 8, Grey).Chunk("IEND"), "so short");
        AssertRefused(new PngWriter().Header(2, 2, 8, Grey).Chunk("IDAT", rows).Chunk("IEND"), "damaged");
        AssertRefused(new PngWriter().Header(2, 2, 8, Palette).Chunk("PLTE", [1, 2, 3]).Chunk("IDAT", PngWriter.Compress(rows)).Chunk("IEND"), "found number 1");
    }

    [Fact]
    public void A_wrong_checksum_is_an_error()
    {
        var bytes = Plain([0, 1, 2, 0, 3, 4]).Chunk("IEND").ToArray();
        bytes[^1] ^= 1;
        Assert.Contains("checksum", Assert.Throws<ImageException>(() => Image.Decode(bytes)).Message);
    }

    [Fact]
    public void A_wrong_checksum_of_pixels_is_an_error_and_one_of_texts_is_not()
    {
        byte[] rows = [0, 1, 2, 0, 3, 4];
        byte[] text = new PngWriter().Chunk("tEXt", "Title\0test"u8.ToArray()).ToArray()[8..];
        text[^1] ^= 1;
        byte[] end = new PngWriter().Chunk("IEND").ToArray()[8..], pixels = Plain(rows).ToArray();
        Assert.Equal((4, 4, 4), Image.Decode([.. pixels, .. text, .. end])[1, 1]);
        Assert.Equal((4, 4, 4), Image.Decode([.. pixels[..33], .. text, .. pixels[33..]])[1, 1]);
        pixels[^1] ^= 1;
        Assert.Contains("checksum", Assert.Throws<ImageException>(() => Image.Decode([.. pixels, .. end])).Message);
    }

    /// <summary>The pixels are complete once the last byte of their data is there; what follows may be missing in part or whole.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_may_end_where_its_pixels_are_complete(bool interlaced)
    {
        var samples = new int[9, 5, 3];
        for (int i = 0; i < samples.Length; i++)
            samples[i / 15, i / 3 % 5, i % 3] = i * 37 % 256;
        var bytes = PngWriter.Write(samples, 8, Rgb, interlaced);
        var whole = Image.Decode(bytes);
        // The trailer (12 bytes), the checksum of the chunk (4) and that of the compressed data (4).
        for (int cut = 0; cut <= 12 + 4 + 4; cut++)
            TestFiles.AssertEqual(whole, Image.Decode(bytes.AsSpan(0, bytes.Length - cut)));
        for (int length = 0; length < bytes.Length - 30; length++)
            Assert.Throws<ImageException>(() => Image.Decode(bytes.AsSpan(0, length)));
    }

    [Fact]
    public void What_is_missing_is_told()
    {
        var rows = new byte[200 * 201];
        new Random(1).NextBytes(rows);
        for (int y = 0; y < 200; y++)
            rows[201 * y] = 0;
        var bytes = Plain(rows, 200, 200).ToArray();
        var error = Assert.Throws<ImageException>(() => Image.Decode(bytes.AsSpan(0, bytes.Length / 2)));
        Assert.Matches("200×200 pixels.*the rows from (9[0-9]|100) on are missing", error.Message);
    }

    [Fact]
    public void A_compressed_bomb_yields_only_the_declared_rows()
    {
        var png = Plain(new byte[64 << 20]).Chunk("IEND").ToArray();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal((2, 2), (Image.Decode(png).Width, Image.Decode(png).Height));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 << 20);
    }
}
