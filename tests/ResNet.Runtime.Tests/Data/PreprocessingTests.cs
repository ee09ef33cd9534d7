using ResNet.Dsl;
using ResNet.Runtime.Data;
using ResNet.Runtime.Tests.Networks;

namespace ResNet.Runtime.Tests.Data;

/// <summary>The preprocessing of pictures for networks of any input shape.</summary>
public sealed class PreprocessingTests
{
    [Theory]
    [InlineData(224, 224, 256)]
    [InlineData(32, 32, 32)]
    [InlineData(24, 40, 24)]
    [InlineData(64, 20, 20)]
    [InlineData(480, 640, 549)]
    [InlineData(640, 480, 549)]
    [InlineData(32, 448, 37)]
    public void The_margin_is_in_proportion_to_the_shorter_side(int height, int width, int resize) =>
        Assert.Equal(new Preprocessing(resize, height, width), Preprocessing.For(new(3, height, width)));

    [Theory]
    [InlineData(500, 375, 256, 224, 224, 341, 256)]
    [InlineData(640, 480, 480, 480, 640, 640, 480)]
    [InlineData(640, 480, 549, 480, 640, 732, 549)]
    [InlineData(100, 400, 24, 24, 40, 40, 160)]
    [InlineData(400, 100, 12, 20, 12, 80, 20)]
    [InlineData(7, 5, 9, 12, 20, 15, 10)]
    public void A_picture_is_resized_to_cover_the_crop_and_cropped_at_its_center(
        int width, int height, int resize, int cropHeight, int cropWidth, int resizedWidth, int resizedHeight)
    {
        var picture = Augmented.Noise(width, height);
        var preprocessing = Augmented.Plain(cropHeight, cropWidth) with { Resize = resize };
        var input = new float[3 * cropHeight * cropWidth];
        preprocessing.Apply(picture, input);
        Assert.Equal(Augmented.Tensor(picture.Resize(resizedWidth, resizedHeight).CenterCrop(cropWidth, cropHeight), preprocessing, mirrored: false), input);
    }

    [Fact]
    public void A_loader_and_the_mean_of_pixels_keep_height_and_width_apart()
    {
        using var net = new Cifar14OfWideImages();
        var pictures = new Wide(10);
        var mean = PixelMean.Of(pictures, net.Preprocessing);
        Assert.Equal((24, 40), (mean.Height, mean.Width));
        net.Preprocessing = net.Preprocessing with { PixelMean = mean, Deviation = [1, 1, 1] };
        using var loader = new DataLoader(pictures, new CropAndFlip { Normalization = net.Preprocessing, Padding = 0, Flip = false }, new() { BatchSize = 10 });
        Assert.True(loader.TryNext(0, out var batch));
        Assert.Equal(10 * 3 * 24 * 40, batch.Images.Length);
        // What each pixel's mean is subtracted from sums to nothing over the images that it is the mean of.
        for (var i = 0; i < 3 * 24 * 40; i++)
        {
            var sum = 0.0;
            for (var image = 0; image < 10; image++) sum += batch.Images.Span[image * 3 * 24 * 40 + i];
            Assert.Equal(0, sum, 1e-5);
        }
        Assert.Equal(net.Classify(pictures.Load(3)), net.Classify(pictures.Load(3).Resize(80, 48, ResizeFilter.Nearest).Resize(40, 24, ResizeFilter.Nearest)));
    }

    [Fact]
    public void A_grey_input_is_the_mean_of_the_normalized_channels()
    {
        var image = new Wide(1).Load(0);
        var colored = Preprocessing.For(new(3, 20, 30)) with { Mean = [0.1f, 0.2f, 0.3f], Deviation = [1, 2, 3] };
        var grey = Preprocessing.For(new(1, 20, 30)) with { Mean = colored.Mean, Deviation = colored.Deviation };
        Assert.Equal((1, 1), (grey.Channels, grey.WithSize(40, 40).Channels));
        float[] expected = new float[3 * 600], actual = new float[600];
        colored.Apply(image, expected);
        grey.Apply(image, actual);
        for (var i = 0; i < 600; i++) Assert.Equal((expected[i] + expected[600 + i] + expected[1200 + i]) / 3, actual[i], 1e-6);
        Assert.Throws<ArgumentException>(() => grey.Apply(image, expected));
        Assert.Throws<ArgumentException>(() => grey with { Channels = 2 });
        Assert.NotEqual(colored.ToString(), (colored with { Channels = 1 }).ToString());
    }

    sealed class Wide(int count) : ImageDataset
    {
        public override string Description => "wide pictures";

        public override IReadOnlyList<string> Classes => Labels.Cifar10;

        public override int Count => count;

        public override int ClassOf(int index) => index % 10;

        public override string NameOf(int index) => $"picture {index}";

        public override Image Load(int index)
        {
            var pixels = new byte[3 * 24 * 40];
            new Random(index).NextBytes(pixels);
            return Image.FromRgb(40, 24, pixels);
        }
    }
}
