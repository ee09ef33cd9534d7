using ResNet.Runtime;

namespace ResNet.Tests.Imaging;

/// <summary>Formats that a program adds.</summary>
public class ImageFormatsTests
{
    /// <summary>A made-up format: "DOTS", width, height, then a byte of grey per pixel.</summary>
    sealed class Dots(string name = "Dots") : IImageDecoder
    {
        public string Name => name;

        public IReadOnlyList<string> Extensions { get; init; } = [".dots"];

        public bool Recognizes(ReadOnlySpan<byte> content) => content.StartsWith("DOTS"u8);

        public ImageInfo Identify(ReadOnlySpan<byte> content) =>
            content.Length >= 6 ? new(name, content[4], content[5]) : throw new ImageException("Dots: expected a size, found the end.");

        public Image Decode(ReadOnlySpan<byte> content)
        {
            var info = Identify(content);
            var pixels = new byte[3 * info.Width * info.Height];
            for (var i = 0; i < pixels.Length; i++) pixels[i] = content[6 + i / 3];
            return Image.FromRgb(info.Width, info.Height, pixels);
        }
    }

    static readonly byte[] _content = [.. "DOTS"u8, 2, 1, 10, 20];

    [Fact]
    public void A_registered_format_is_read_until_it_is_taken_back()
    {
        var decoder = new Dots();
        Assert.Contains("found a file that begins with 444F5453", Assert.Throws<ImageException>(() => Image.Decode(_content)).Message);
        ImageFormats.Register(decoder);
        try
        {
            Assert.Equal((20, 20, 20), Image.Decode(_content)[1, 0]);
            Assert.Equal(new("Dots", 2, 1), Image.Identify(new MemoryStream(_content)));
            Assert.Contains("Dots: expected at most 1 pixels", Assert.Throws<ImageException>(() => Image.Decode(_content, new() { MaxPixels = 1 })).Message);
            Assert.True(ImageFormats.HasExtension("folder.jpg/a.DOTS"));
            Assert.Contains(".dots", ImageFormats.Extensions);
            Assert.Contains("a Dots, JPEG, PNG or BMP image", Assert.Throws<ImageException>(() => Image.Decode("GIF8"u8)).Message);
        }
        finally
        {
            Assert.True(ImageFormats.Unregister(decoder));
        }
        Assert.False(ImageFormats.Unregister(decoder));
        Assert.False(ImageFormats.HasExtension("a.dots"));
    }

    [Theory]
    [InlineData("a.jpg", true)]
    [InlineData("a.JPEG", true)]
    [InlineData("a.b.Png", true)]
    [InlineData("a.bmp", true)]
    [InlineData("a.webp", false)]
    [InlineData("jpg", false)]
    [InlineData("", false)]
    public void The_formats_that_are_there_have_their_extensions(string path, bool expected) => Assert.Equal(expected, ImageFormats.HasExtension(path));

    [Fact]
    public void Decoders_without_a_name_or_with_other_extensions_are_refused()
    {
        Assert.Throws<ArgumentException>(() => ImageFormats.Register(new Dots("")));
        Assert.Throws<ArgumentException>(() => ImageFormats.Register(new Dots { Extensions = ["dots"] }));
        Assert.Throws<ArgumentException>(() => ImageFormats.Register(new Dots { Extensions = ["."] }));
        Assert.Throws<ArgumentNullException>(() => ImageFormats.Register(null!));
    }

    [Fact]
    public void Threads_may_register_while_others_read()
    {
        var jpeg = TestFiles.Bytes("size-3x3.jpg");
        Parallel.For(0, 200, i =>
        {
            var decoder = new Dots($"Dots {i}") { Extensions = [$".dots{i}"] };
            ImageFormats.Register(decoder);
            Assert.Equal(3, Image.Decode(jpeg).Width);
            Assert.True(ImageFormats.HasExtension($"a.dots{i}"));
            Assert.True(ImageFormats.Unregister(decoder));
        });
        Assert.Equal(["JPEG", "PNG", "BMP"], ImageFormats.Decoders.Select(decoder => decoder.Name).Where(name => !name.StartsWith("Dots", StringComparison.Ordinal)));
    }
}
