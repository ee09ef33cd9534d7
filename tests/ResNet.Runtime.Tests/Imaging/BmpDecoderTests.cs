using ResNet.Runtime;

namespace ResNet.Tests.Imaging;

public class BmpDecoderTests
{
    const int Plain = 0, RunLength8 = 1, RunLength4 = 2, BitFields = 3;

    /// <summary>Black, red, green, blue as BGR0.</summary>
    static readonly byte[] _palette = [0, 0, 0, 0, 0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0];

    public static TheoryData<string> Files => [.. TestFiles.Names("*.bmp")];

    [Theory]
    [MemberData(nameof(Files))]
    public void Pixels_equal_Pillows(string name) => TestFiles.AssertEqualsReference(name);

    /// <summary>The image's rows from the top as letters: black is '.', else R, G, B, and ? for another colour.</summary>
    static string Letters(byte[] file)
    {
        var image = Image.Decode(file);
        return string.Join('/', Enumerable.Range(0, image.Height).Select(y => string.Concat(Enumerable.Range(0, image.Width).Select(x => image[x, y] switch
        {
            (0, 0, 0) => '.',
            (255, 0, 0) => 'R',
            (0, 255, 0) => 'G',
            (0, 0, 255) => 'B',
            _ => '?',
        }))));
    }

    [Fact]
    public void Packed_indices_run_from_the_bottom_left()
    {
        Assert.Equal("RG/.B", Letters(BmpWriter.Write(40, 2, 2, 4, Plain, _palette, [0x03, 0, 0, 0, 0x12, 0, 0, 0], colors: 4)));
        Assert.Equal("R.R/..R", Letters(BmpWriter.Write(40, 3, 2, 1, Plain, _palette[..8], [0x20, 0, 0, 0, 0xA0, 0, 0, 0])));
        Assert.Equal("GB", Letters(BmpWriter.Write(40, 2, 1, 8, Plain, _palette, [2, 3, 0, 0], colors: 4)));
    }

    [Fact]
    public void A_negative_height_runs_from_the_top() =>
        Assert.Equal(".B/RG", Letters(BmpWriter.Write(40, 2, -2, 4, Plain, _palette, [0x03, 0, 0, 0, 0x12, 0, 0, 0], colors: 4)));

    [Fact]
    public void The_core_header_has_a_palette_of_three_bytes() =>
        Assert.Equal("BR", Letters(BmpWriter.Write(12, 2, 1, 1, Plain, [0, 0, 255, 255, 0, 0], [0x80, 0, 0, 0])));

    [Fact]
    public void Sixteen_bits_are_five_each_unless_masks_say_otherwise()
    {
        Assert.Equal("RG", Letters(BmpWriter.Write(40, 2, 1, 16, Plain, [], [0x00, 0x7C, 0xE0, 0x03])));
        Assert.Equal("RG", Letters(BmpWriter.Write(40, 2, 1, 16, BitFields, BmpWriter.Masks(0xF800, 0x07E0, 0x1F), [0x00, 0xF8, 0xE0, 0x07])));
        var middle = Image.Decode(BmpWriter.Write(40, 1, 1, 16, Plain, [], [0x10, 0x42, 0, 0]));
        Assert.Equal((131, 131, 131), middle[0, 0]); // 16 · 255 / 31
    }

    [Theory]
    [InlineData(40)]
    [InlineData(108)]
    public void Masks_place_the_colours_of_32_bits(int headerSize)
    {
        var masks = BmpWriter.Masks(0xFF, 0x3FF00, 0xFF000000);
        var image = Image.Decode(BmpWriter.Write(headerSize, 1, 1, 32, BitFields, masks, [0x12, 0x00, 0x02, 0x56]));
        Assert.Equal((0x12, 0x200 * 255 / 0x3FF, 0x56), image[0, 0]);
    }

    [Fact]
    public void Alpha_of_32_bits_is_ignored() =>
        Assert.Equal("RG", Letters(BmpWriter.Write(40, 2, 1, 32, Plain, [], [0, 0, 255, 0, 0, 255, 0, 99])));

    [Fact]
    public void Run_lengths_of_8_bits()
    {
        byte[] runs = [3, 1, 0, 0, /* literal */ 0, 3, 1, 2, 3, 0, 0, 0, /* move */ 1, 2, 0, 2, 1, 1, 1, 3, 0, 1];
        Assert.Equal("..B./G.../RGB./RRR.", Letters(BmpWriter.Write(40, 4, 4, 8, RunLength8, _palette, runs, colors: 4)));
    }

    [Fact]
    public void Run_lengths_of_4_bits_alternate_and_stop_at_the_row()
    {
        byte[] runs = [9, 0x12, 0, 0, /* literal of 3, padded */ 0, 3, 0x12, 0x30, 0, 1];
        Assert.Equal("RGB../RGRGR", Letters(BmpWriter.Write(40, 5, 2, 4, RunLength4, _palette, runs, colors: 4)));
    }

    [Fact]
    public void Damage_is_told()
    {
        static void AssertRefused(byte[] file, string reason) =>
            Assert.Contains(reason, Assert.Throws<ImageException>(() => Image.Decode(file)).Message);

        AssertRefused(BmpWriter.Write(40, 2, 1, 8, Plain, _palette, [2, 4, 0, 0], colors: 4), "found number 4");
        AssertRefused(BmpWriter.Write(40, 2, 1, 8, RunLength8, _palette, [1, 2], colors: 4), "expected 1 bytes");
        AssertRefused(BmpWriter.Write(40, 9, 9, 24, Plain, [], new byte[100]), "9×9");
        AssertRefused(BmpWriter.Write(40, 3, 3, 24, Plain, [], new byte[30]), "expected 33 bytes");
        AssertRefused(BmpWriter.Write(40, -3, 3, 24, Plain, [], new byte[30]), "positive size");
        AssertRefused(BmpWriter.Write(40, 3, int.MinValue, 24, Plain, [], new byte[30]), "at most");
        AssertRefused(BmpWriter.Write(40, 3, 3, 5, Plain, [], new byte[30]), "5 bits");
        AssertRefused(BmpWriter.Write(40, 3, 3, 24, 4, [], new byte[30]), "compression 4");
        AssertRefused(BmpWriter.Write(40, 3, -3, 8, RunLength8, _palette, new byte[30]), "compression 1");
    }
}
