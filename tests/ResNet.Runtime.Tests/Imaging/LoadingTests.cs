using ResNet.Runtime;

namespace ResNet.Tests.Imaging;

/// <summary>Images from files, streams and memory, identified, limited and cancelled.</summary>
public class LoadingTests
{
    public static TheoryData<string> Files =>
        [.. new[] { "*.jpg", "*.bmp", "rgba.png", "palette-8.png" }.SelectMany(TestFiles.Names).Where(name => !name.EndsWith("jpg.png", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Every_way_of_loading_gives_the_same(string name)
    {
        var expected = Image.Decode(TestFiles.Bytes(name));
        using var stream = new MemoryStream([1, 2, 3, .. TestFiles.Bytes(name)]) { Position = 3 };
        TestFiles.AssertEqual(expected, Image.Load(stream));
        stream.Position = 3;
        TestFiles.AssertEqual(expected, await Image.LoadAsync(stream));
        TestFiles.AssertEqual(expected, Image.Load(TestFiles.PathOf(name)));
        TestFiles.AssertEqual(expected, await Image.LoadAsync(TestFiles.PathOf(name)));
        stream.Position = 3;
        foreach (var info in new[] { Image.Identify(TestFiles.PathOf(name)), Image.Identify(TestFiles.Bytes(name)), Image.Identify(stream) })
            Assert.Equal((expected.Width, expected.Height, Path.GetExtension(name) == ".jpg" ? "JPEG" : Path.GetExtension(name)[1..].ToUpperInvariant()), (info.Width, info.Height, info.Format));
    }

    [Theory]
    [InlineData(1, 21, 14)]
    [InlineData(3, 21, 14)]
    [InlineData(6, 14, 21)]
    [InlineData(8, 14, 21)]
    public void Identify_says_the_upright_size_and_the_stored_one(int orientation, int width, int height)
    {
        var info = Image.Identify(TestFiles.PathOf($"orientation-{orientation}.jpg"));
        Assert.Equal(new("JPEG", width, height, orientation), info);
        Assert.Equal((21, 14), (info.StoredWidth, info.StoredHeight));
    }

    [Fact]
    public void Identify_needs_no_pixels_and_takes_no_memory_for_them()
    {
        var png = new PngWriter().Header(100_000, 90_000, 8, 2).ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(new("PNG", 100_000, 90_000), Image.Identify(png));
        var jpeg = TestFiles.Bytes("sampling-2x2.jpg");
        Assert.Equal(new("JPEG", 45, 37), Image.Identify(jpeg.AsSpan(0, jpeg.AsSpan().IndexOf([(byte)0xFF, (byte)0xDA]) + 2)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        Assert.Throws<ImageException>(() => Image.Identify("GIF89a"u8));
        Assert.Throws<ImageException>(() => Image.Identify(jpeg.AsSpan(0, 40)));
        Assert.Throws<ImageException>(() => Image.Identify(png.AsSpan(0, 20)));
    }

    /// <summary>A picture's size may stand after any number of comments.</summary>
    [Fact]
    public void Identify_reads_as_far_as_it_must()
    {
        var bytes = TestFiles.Bytes("sampling-2x2.jpg");
        byte[] comment = [0xFF, 0xFE, 0xFF, 0xFF, .. new byte[0xFFFD]];
        byte[] file = [.. bytes[..2], .. Enumerable.Repeat(comment, 20).SelectMany(part => part), .. bytes[2..]];
        Assert.Equal(new("JPEG", 45, 37), Image.Identify(new MemoryStream(file)));
        TestFiles.AssertEqual(Image.Decode(bytes), Image.Load(new MemoryStream(file)));
    }

    [Theory]
    [InlineData("sampling-2x2.jpg", 45 * 37)]
    [InlineData("orientation-6.jpg", 21 * 14)]
    [InlineData("rgba.png", 33 * 21)]
    [InlineData("rgb.bmp", 33 * 21)]
    public async Task More_pixels_than_the_caller_allows_are_refused(string name, int pixels)
    {
        var (enough, fewer) = (new ImageOptions { MaxPixels = pixels }, new ImageOptions { MaxPixels = pixels - 1 });
        Assert.Equal(pixels, Image.Decode(TestFiles.Bytes(name), enough).Pixels.Length / 3);
        Assert.Contains($"at most {pixels - 1} pixels", Assert.Throws<ImageException>(() => Image.Decode(TestFiles.Bytes(name), fewer)).Message);
        Assert.Throws<ImageException>(() => Image.Load(TestFiles.PathOf(name), fewer));
        Assert.Throws<ImageException>(() => Image.Load(new MemoryStream(TestFiles.Bytes(name)), fewer));
        var error = await Assert.ThrowsAsync<ImageException>(() => Image.LoadAsync(TestFiles.PathOf(name), fewer));
        Assert.StartsWith(TestFiles.PathOf(name), error.Message);
    }

    [Fact]
    public void Limits_are_checked()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageOptions { MaxPixels = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageOptions { MaxPixels = Image.MaxPixels + 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageOptions { MaxBytes = 0 });
        var bytes = TestFiles.Bytes("rgb.bmp");
        Assert.Equal(33, Image.Load(new MemoryStream(bytes), new() { MaxBytes = bytes.Length }).Width);
        Assert.Contains("longer file", Assert.Throws<ImageException>(() => Image.Load(new MemoryStream(bytes), new() { MaxBytes = bytes.Length - 1 })).Message);
    }

    [Fact]
    public async Task Cancelling_ends_the_reading()
    {
        using var source = new CancellationTokenSource();
        var loading = Image.LoadAsync(new EndlessStream(source), cancellationToken: source.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => loading);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Image.LoadAsync(TestFiles.PathOf("rgb.bmp"), cancellationToken: source.Token));
    }

    /// <summary>Cancels what reads it when it is read for the third time, and has no end.</summary>
    sealed class EndlessStream(CancellationTokenSource source) : MemoryStream
    {
        int _reads;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (++_reads == 3) source.Cancel();
            cancellationToken.ThrowIfCancellationRequested();
            return new(buffer.Length);
        }
    }
}
