using ResNet.Imaging.Skia;
using ResNet.Runtime;
using ResNet.Runtime.Data;

namespace ResNet.Formats.Tests.Skia;

public sealed class SkiaImagesTests : IDisposable
{
    static readonly byte[] _palette = [200, 10, 20, 0, 250, 40, 7, 8, 240, 255, 255, 255];

    readonly TemporaryFolder _folder = new();

    public SkiaImagesTests() => SkiaImages.Register();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, 1, 255)]
    [InlineData(37, 21, 255)]
    [InlineData(37, 21, 100)]
    public void Lossless_WebP_gives_the_bits_that_were_put_in(int width, int height, byte alpha)
    {
        var image = Pictures.Noise(width, height, 1);
        var content = WebPFiles.Lossless(image, alpha);
        Pictures.Equal(image, Image.Decode(content));
        Assert.Equal(new("WebP", width, height), Image.Identify(content));
    }

    [Fact]
    public void Lossy_WebP_gives_nearly_what_was_put_in()
    {
        var pixels = new byte[3 * 64 * 48];
        for (var at = 0; at < pixels.Length; at++) pixels[at] = (byte)(at / 3 % 64 * 3 + at / 192 * (at % 3));
        var image = Image.FromRgb(64, 48, pixels);
        var decoded = Image.Decode(WebPFiles.Lossy(image));
        Assert.True(pixels.Zip(decoded.Pixels.ToArray(), (a, b) => Math.Abs(a - b)).Average() < 3);
    }

    [Fact]
    public void A_WebP_is_turned_upright()
    {
        var image = Pictures.Noise(5, 3, 2);
        var simple = WebPFiles.Lossless(image);
        // The stored pixel that is seen at the top left, and beside it to the right, as EXIF 2.3 says of orientations 1 to 8.
        (int X, int Y)[] origins = [(0, 0), (4, 0), (4, 2), (0, 2), (0, 0), (0, 2), (4, 2), (4, 0)];
        (int X, int Y)[] steps = [(1, 0), (-1, 0), (-1, 0), (1, 0), (0, 1), (0, -1), (0, -1), (0, 1)];
        for (var orientation = 1; orientation <= 8; orientation++)
        {
            var content = WebPFiles.WithOrientation(simple, image, (byte)orientation);
            var (upright, origin, step) = (Image.Decode(content), origins[orientation - 1], steps[orientation - 1]);
            Assert.Equal(orientation < 5 ? (5, 3) : (3, 5), (upright.Width, upright.Height));
            Assert.Equal(new("WebP", upright.Width, upright.Height, orientation), Image.Identify(content));
            Assert.Equal(image[origin.X, origin.Y], upright[0, 0]);
            Assert.Equal(image[origin.X + step.X, origin.Y + step.Y], upright[1, 0]);
        }
    }

    [Fact]
    public void Of_a_GIF_the_first_picture_is_read()
    {
        byte[] first = [.. Enumerable.Range(0, 35).Select(at => (byte)(at * 5 / 3 % 4))], second = [.. first.Select(index => (byte)(3 - index))];
        var gif = GifWriter.Write(7, 5, _palette, null, first, second);
        Pictures.Equal(GifWriter.ToImage(7, 5, _palette, first), Image.Decode(gif));
        Assert.Equal(new("GIF", 7, 5), Image.Identify(gif));
    }

    [Fact]
    public void Transparent_pixels_of_a_GIF_are_black()
    {
        byte[] indices = [0, 1, 2, 3];
        var image = Image.Decode(GifWriter.Write(2, 2, _palette, 3, indices));
        Assert.Equal(((200, 10, 20), (0, 0, 0)), (image[0, 0], image[1, 1]));
    }

    [Fact]
    public void Files_and_folders_are_read_by_the_formats_extensions()
    {
        foreach (var name in new[] { "a.webp", "b.WEBP" }) _folder.Write($"train/cat/{name}", WebPFiles.Lossless(Pictures.Noise(4, 4, name[0])));
        _folder.Write("train/dog/c.gif", GifWriter.Write(2, 2, _palette, null, [0, 1, 2, 3]));
        var dataset = ImageDataset.Open(_folder.File("train"), DatasetSplit.Train);
        Assert.Equal(3, dataset.Count);
        Assert.Empty(dataset.Warnings);
        Pictures.Equal(Pictures.Noise(4, 4, 'b'), dataset.Load(1));
        Assert.Equal((0, 250, 40), dataset.Load(2)[1, 0]);
    }

    [Fact]
    public void Registering_twice_adds_each_format_once_and_leaves_the_others()
    {
        SkiaImages.Register();
        Assert.Equal(["BMP", "GIF", "JPEG", "PNG", "WebP"], ImageFormats.Decoders.Select(decoder => decoder.Name).Order());
        foreach (var (content, name) in new[] { (Pictures.Png(1), "PNG"), ((byte[])[0xFF, 0xD8, 0xFF], "JPEG"), ([(byte)'B', (byte)'M'], "BMP") })
            Assert.Equal((name, typeof(Image).Assembly), ImageFormats.Decoders.Where(decoder => decoder.Recognizes(content)).Select(decoder => (decoder.Name, decoder.GetType().Assembly)).Single());
    }

    [Theory]
    [InlineData("II*\0........", "a TIFF image")]
    [InlineData("\0\0\0\u001cftypavif\0\0\0\0avifmif1", "an AVIF image; convert it to JPEG or PNG; ResNet.Imaging.Skia does not read it either")]
    [InlineData("\0\0\0\u0018ftypheic\0\0\0\0mif1heic", "a HEIC image, as phones take them; convert it to JPEG or PNG; ResNet.Imaging.Skia does not read it either")]
    public void Formats_that_stay_unread_are_named(string content, string expected) =>
        Assert.Contains(expected, Assert.Throws<ImageException>(() => Image.Decode(content.Select(c => (byte)c).ToArray())).Message, StringComparison.Ordinal);

    [Fact]
    public void Files_that_are_cut_short_are_refused()
    {
        var image = Pictures.Noise(40, 40, 3);
        byte[] indices = [.. Enumerable.Range(0, 1600).Select(at => (byte)(at % 3))];
        foreach (var content in new[] { WebPFiles.Lossless(image), WebPFiles.Lossy(image), GifWriter.Write(40, 40, _palette, null, indices) })
            foreach (var length in new[] { 12, 20, 40, content.Length / 4, content.Length / 2, content.Length * 3 / 4 })
                Assert.Throws<ImageException>(() => Image.Decode(content.AsSpan(0, length)));
    }

    [Fact]
    public void Damaged_files_are_read_or_refused()
    {
        var (random, image) = (new Random(4), Pictures.Noise(24, 24, 5));
        byte[][] files = [WebPFiles.Lossless(image), WebPFiles.Lossy(image), WebPFiles.WithOrientation(WebPFiles.Lossy(image), image, 6), GifWriter.Write(2, 2, _palette, 1, [0, 1, 2, 3], [3, 2, 1, 0])];
        for (var trial = 0; trial < 400; trial++)
        {
            var damaged = files[trial % files.Length].ToArray();
            for (var change = 0; change < 1 + trial % 4; change++) damaged[random.Next(random.Next(2) == 0 ? Math.Min(48, damaged.Length) : damaged.Length)] = (byte)random.Next(256);
            try
            {
                Image.Decode(damaged, new() { MaxPixels = 1 << 20 });
            }
            catch (ImageException)
            {
                // What else could a damaged file be.
            }
        }
    }

    [Fact]
    public void A_small_file_of_huge_size_is_refused_before_it_is_decoded()
    {
        // One colour takes no bits per pixel: the size alone makes it huge.
        var webp = WebPFiles.Lossless(Image.FromRgb(8, 8, new byte[192]));
        var size = webp.AsSpan().IndexOf("VP8L"u8) + 9;
        webp.AsSpan(size, 3).Fill(0xFF);
        webp[size + 3] |= 0x0F;
        Assert.Equal((16384, 16384), (Image.Identify(webp).Width, Image.Identify(webp).Height));
        Assert.Contains("WebP: 16384×16384 pixels are declared, but the file is so short", Assert.Throws<ImageException>(() => Image.Decode(webp, new() { MaxPixels = Image.MaxPixels })).Message, StringComparison.Ordinal);

        var gif = GifWriter.Write(2, 2, _palette, null, [0, 1, 2, 3]);
        gif.AsSpan(6, 4).Fill(0xFF);
        Assert.Contains("pixels, found 65535×65535", Assert.Throws<ImageException>(() => Image.Decode(gif)).Message, StringComparison.Ordinal);
        Assert.Contains("WebP: expected at most 63 pixels, found 8×8",
            Assert.Throws<ImageException>(() => Image.Decode(WebPFiles.Lossless(Pictures.Noise(8, 8, 1)), new() { MaxPixels = 63 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Threads_decode_at_once()
    {
        var contents = Enumerable.Range(0, 8).Select(seed => WebPFiles.Lossless(Pictures.Noise(30, 20, seed))).ToArray();
        Parallel.For(0, 200, trial => Pictures.Equal(Pictures.Noise(30, 20, trial % 8), Image.Decode(contents[trial % 8])));
    }
}
