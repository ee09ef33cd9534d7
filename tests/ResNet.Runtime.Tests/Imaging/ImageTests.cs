using ResNet.Runtime;

namespace ResNet.Tests.Imaging;

public class ImageTests
{
    /// <summary>Each pixel names its place: red its column, green its row.</summary>
    static Image Coordinates(int width, int height)
    {
        var pixels = new byte[3 * width * height];
        for (int i = 0; i < width * height; i++)
            (pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]) = ((byte)(i % width + 1), (byte)(i / width + 1), 7);
        return Image.FromRgb(width, height, pixels);
    }

    [Fact]
    public void Crop_takes_the_rectangle()
    {
        var cropped = Coordinates(10, 8).Crop(3, 2, 4, 5);
        Assert.Equal((4, 5), (cropped.Width, cropped.Height));
        Assert.Equal((4, 3, 7), cropped[0, 0]);
        Assert.Equal((7, 7, 7), cropped[3, 4]);
    }

    [Theory]
    // Offsets of 0.5, 1.5, 2.5 are rounded to even, as Python rounds.
    [InlineData(5, 4, 0)]
    [InlineData(7, 4, 2)]
    [InlineData(9, 4, 2)]
    [InlineData(10, 4, 3)]
    [InlineData(4, 4, 0)]
    public void Center_crop_rounds_to_even(int width, int size, int left)
    {
        var cropped = Coordinates(width, size).CenterCrop(size);
        Assert.Equal((size, size), (cropped.Width, cropped.Height));
        Assert.Equal((left + 1, 1, 7), cropped[0, 0]);
    }

    [Fact]
    public void Center_crop_pads_short_sides_with_black()
    {
        // torchvision pads 3 columns as 1 on the left and 2 on the right.
        var cropped = Coordinates(3, 9).CenterCrop(6);
        Assert.Equal((6, 6), (cropped.Width, cropped.Height));
        Assert.Equal((0, 0, 0), cropped[0, 0]);
        Assert.Equal((1, 3, 7), cropped[1, 0]);
        Assert.Equal((3, 8, 7), cropped[3, 5]);
        Assert.Equal((0, 0, 0), cropped[4, 5]);
    }

    [Fact]
    public void Flip_mirrors_rows()
    {
        var flipped = Coordinates(5, 3).FlipHorizontal();
        Assert.Equal((5, 1, 7), flipped[0, 0]);
        Assert.Equal((1, 3, 7), flipped[4, 2]);
        TestFiles.AssertEqual(Coordinates(5, 3), flipped.FlipHorizontal());
    }

    [Fact]
    public void Normalized_tensor_is_planar()
    {
        var image = TestFiles.Picture(5, 4);
        float[] mean = [0.485f, 0.456f, 0.406f], std = [0.229f, 0.224f, 0.225f];
        var tensor = new float[3 * 4 * 5];
        image.CopyTo(tensor, mean, std);
        for (int y = 0; y < 4; y++)
        {
            for (int x = 0; x < 5; x++)
            {
                var (red, green, blue) = image[x, y];
                Assert.Equal((red / 255.0 - mean[0]) / std[0], tensor[y * 5 + x], 1e-6);
                Assert.Equal((green / 255.0 - mean[1]) / std[1], tensor[20 + y * 5 + x], 1e-6);
                Assert.Equal((blue / 255.0 - mean[2]) / std[2], tensor[40 + y * 5 + x], 1e-6);
            }
        }
    }

    [Fact]
    public void Saved_images_load_unchanged()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".png");
        try
        {
            var image = TestFiles.Picture(37, 23);
            image.SavePng(path);
            TestFiles.AssertEqual(image, Image.Load(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        var image = Coordinates(4, 3);
        Assert.Throws<ArgumentOutOfRangeException>(() => image[4, 0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => image[0, -1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => image.Crop(1, 0, 4, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => image.Crop(0, -1, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => image.Crop(int.MaxValue, 0, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => image.CenterCrop(0));
        Assert.Throws<ArgumentException>(() => Image.FromRgb(2, 2, new byte[11]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Image.FromRgb(0, 2, []));
        Assert.Throws<ArgumentException>(() => image.CopyTo(new float[35], new float[3], new float[3]));
        Assert.Throws<ArgumentException>(() => image.CopyTo(new float[36], new float[2], new float[3]));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("GIF89a", "a GIF image; convert it to JPEG or PNG")]
    [InlineData("RIFF....WEBP", "a WebP image; convert it to JPEG or PNG")]
    [InlineData("II*\0........", "a TIFF image")]
    [InlineData("MM\0*........", "a TIFF image")]
    [InlineData("\0\0\0\u0018ftypheic\0\0\0\0mif1heic", "a HEIC image, as phones take them; convert it to JPEG or PNG")]
    [InlineData("\0\0\0\u001cftypmif1\0\0\0\0mif1heic", "a HEIC image")]
    [InlineData("\0\0\0\u001cftypavif\0\0\0\0avifmif1", "an AVIF image; convert it to JPEG or PNG")]
    [InlineData("\0\0\0\u001cftypmif1\0\0\0\0mif1avif", "an AVIF image")]
    [InlineData("\0\0\0\u0014ftypqt  \0\0\0\0qt  ", "a film")]
    [InlineData("<!DOCTYPE html><html>", "an HTML page")]
    [InlineData("\r\n<HTML><body>404", "an HTML page")]
    [InlineData("<?xml version='1.0'?>\n<svg xmlns=''/>", "an SVG drawing")]
    [InlineData("%PDF-1.7", "a PDF document")]
    [InlineData("version https://git-lfs.github.com/spec/v1", "git lfs pull")]
    [InlineData("PK..", "a zip archive")]
    [InlineData("hello, world", "68656C6C6F2C2077")]
    public void What_is_no_image_is_named(string content, string found)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, content);
            var error = Assert.Throws<ImageException>(() => Image.Load(path));
            Assert.StartsWith(path, error.Message);
            Assert.Contains(found, error.Message);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_folder_is_named()
    {
        using var folder = new TemporaryFolder();
        foreach (var load in new Func<object>[] { () => Image.Load(folder.Path), () => Image.Identify(folder.Path) })
            Assert.StartsWith($"{folder.Path}: this is a folder", Assert.Throws<ImageException>(load).Message);
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Contains("no-such.jpg", Assert.Throws<FileNotFoundException>(() => Image.Load("no-such.jpg")).Message);
}
