using ResNet.Dsl;
using ResNet.Runtime.Data;
using ResNet.Runtime.Tests.Evaluation;

namespace ResNet.Runtime.Tests.Data;

/// <summary><see cref="Colours"/> for larger pictures; its weights have the same shapes.</summary>
[Network]
sealed partial class LargerColours
{
    static void Define(NetworkBuilder net) => net.Input(3, 8, 8).GlobalAveragePool().Dense(8);
}

public sealed class PixelMeanTests
{
    static readonly Preprocessing _size = new(4, 4, 4);

    static PixelMean Mean { get; } = new(4, 4, [.. Enumerable.Range(0, 48).Select(i => i / 48f)]);

    [Fact]
    public void It_is_the_mean_over_the_images()
    {
        var dataset = new Shapes10(101);
        var sums = new double[3 * 32 * 32];
        foreach (var image in Enumerable.Range(0, dataset.Count).Select(dataset.Load))
            for (var y = 0; y < 32; y++)
                for (var x = 0; x < 32; x++)
                {
                    var (red, green, blue) = image[x, y];
                    sums[y * 32 + x] += red / 255.0;
                    sums[1024 + y * 32 + x] += green / 255.0;
                    sums[2048 + y * 32 + x] += blue / 255.0;
                }

        var mean = PixelMean.Of(dataset, Preprocessing.For(new(3, 32, 32)));

        Assert.Equal((32, 32), (mean.Height, mean.Width));
        Assert.All(sums.Zip(mean.Values.ToArray()), pair => Assert.Equal(pair.First / 101, pair.Second, 1e-7));
        // Whatever the threads, to the bit.
        Assert.Equal(mean.Values, PixelMean.Of(dataset, Preprocessing.For(new(3, 32, 32))).Values);
    }

    [Fact]
    public void Images_of_other_sizes_are_resized_and_cropped_as_for_inference()
    {
        var pictures = new[] { Augmented.Noise(9, 7), Augmented.Noise(4, 4), Augmented.Noise(1, 30) };
        var mean = PixelMean.Of(new Pictures(pictures), new(5, 4, 3));
        var prepared = pictures.Select(picture => Augmented.Tensor(picture.ResizeToCover(5, 7).CenterCrop(3, 4), Augmented.Plain(4, 3), mirrored: false)).ToArray();
        for (var i = 0; i < 36; i++) Assert.Equal(prepared.Average(values => (double)values[i]) / 255, mean.Values[i], 1e-6);
    }

    [Fact]
    public void A_broken_image_is_fatal_or_left_out()
    {
        var pictures = new ColouredPictures((0, 0), (ColouredPictures.Broken, 0), (0, 0));
        Assert.Equal("picture 1 is broken", Assert.Throws<DatasetException>(() => PixelMean.Of(pictures, _size)).Message);

        var reported = new List<string>();
        var mean = PixelMean.Of(pictures, _size, broken => reported.Add(broken.Message));
        Assert.Equal(["picture 1 is broken"], reported);
        Assert.Equal(200 / 255f, mean.Values[0]);

        var error = Assert.Throws<DatasetException>(() => PixelMean.Of(new ColouredPictures((ColouredPictures.Broken, 0)), _size, _ => { }));
        Assert.Equal("coloured pictures: there is no image that can be read", error.Message);
        // It can be read, but not resized.
        error = Assert.Throws<DatasetException>(() => PixelMean.Of(new Pictures(Augmented.Noise(1, 10_000)), new(256, 224, 224)));
        Assert.StartsWith("picture 0: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_can_be_cancelled() =>
        Assert.ThrowsAny<OperationCanceledException>(() => PixelMean.Of(new Shapes10(100), Preprocessing.For(new(3, 32, 32)), cancellationToken: new(canceled: true)));

    [Fact]
    public void It_takes_the_place_of_the_mean_per_channel()
    {
        var picture = Augmented.Noise(4, 4);
        var preprocessing = _size with { PixelMean = Mean, Deviation = [1, 0.5f, 2] };
        var result = new float[48];
        preprocessing.Apply(picture, result);
        var pixels = Augmented.Tensor(picture, Augmented.Plain(4, 4), mirrored: false);
        for (var i = 0; i < 48; i++) Assert.Equal((pixels[i] / 255 - i / 48f) / preprocessing.Deviation[i / 16], result[i], 1e-5);
    }

    [Fact]
    public void It_is_saved_and_loaded_with_the_weights()
    {
        using var folder = new TemporaryFolder();
        using var net = Colours.Create();
        var picture = Augmented.Noise(4, 4);
        net.Preprocessing = new(6, 4, 4) { Mean = [0.1f, 0.2f, 0.3f], Deviation = [1, 2, 3], PixelMean = Mean };
        net.Save(folder.File("net.safetensors"));

        using var loaded = new Colours();
        loaded.Load(folder.File("net.safetensors"));

        Assert.Equal(net.Prepare(picture).Data, loaded.Prepare(picture).Data);
        Assert.Equal(6, loaded.Preprocessing.Resize);
        Assert.Equal([0.1f, 0.2f, 0.3f], loaded.Preprocessing.Mean);
        Assert.Equal(Mean.Values, loaded.Preprocessing.PixelMean!.Values);

        // Of another input size, the colours' normalization holds; the mean of pixels that are not there does not.
        using var larger = new LargerColours();
        var error = Assert.Throws<WeightsException>(() => larger.Load(folder.File("net.safetensors")));
        Assert.Contains("[3, 8, 8]; found [3, 4, 4]", error.Message, StringComparison.Ordinal);
        net.Preprocessing = net.Preprocessing with { PixelMean = null };
        net.Save(folder.File("net.safetensors"));
        larger.Load(folder.File("net.safetensors"));
        Assert.Equal((8, 8, 8), (larger.Preprocessing.Resize, larger.Preprocessing.Height, larger.Preprocessing.Width));
        Assert.Equal([1, 2, 3], larger.Preprocessing.Deviation);
    }

    [Fact]
    public void Weights_without_preprocessing_leave_it_as_it_is()
    {
        using var folder = new TemporaryFolder();
        using var net = Colours.Create();
        net.Preprocessing = net.Preprocessing with { PixelMean = Mean };
        net.Load(Write(folder, net, []));
        Assert.Same(Mean, net.Preprocessing.PixelMean);
    }

    [Theory]
    [InlineData("", "JSON")]
    [InlineData("null", "not positive")]
    [InlineData("[]", "JSON")]
    [InlineData("{}", "Resize")]
    [InlineData("""{"Resize":0,"Height":4,"Width":4,"Mean":[0,0,0],"Deviation":[1,1,1]}""", "not positive")]
    [InlineData("""{"Resize":4,"Height":4,"Width":4,"Mean":[0,0],"Deviation":[1,1,1]}""", "three finite")]
    [InlineData("""{"Resize":4,"Height":4,"Width":4,"Mean":[0,0,0],"Deviation":[1,0,1]}""", "three positive")]
    [InlineData("""{"Resize":4,"Height":4,"Width":4,"Mean":null,"Deviation":[1,1,1]}""", "Mean")]
    [InlineData("""{"Resize":4,"Height":4,"Width":4}""", "Mean")]
    public void A_broken_preprocessing_loads_nothing(string text, string problem)
    {
        using var folder = new TemporaryFolder();
        using var net = Colours.Create();
        var path = Write(folder, net, new() { ["preprocessing"] = text });
        using var other = new Colours();
        var before = other.Parameters.ReadTrained().ToArray();

        var error = Assert.Throws<WeightsException>(() => other.Load(path));

        Assert.Contains("net.safetensors", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, other.Parameters.ReadTrained());
    }

    [Theory]
    [InlineData(float.NaN, 4)]
    [InlineData(0, 3)]
    public void A_broken_mean_loads_nothing(float value, int height)
    {
        using var folder = new TemporaryFolder();
        using var net = Colours.Create();
        var path = Write(folder, net, new() { ["preprocessing"] = """{"Resize":4,"Height":4,"Width":4,"Mean":[0,0,0],"Deviation":[1,1,1]}""" },
            new WeightTensor("preprocessing.pixel_mean", [3, height, 4], Enumerable.Repeat(value, 12 * height).ToArray()));
        Assert.Equal("preprocessing.pixel_mean", Assert.Throws<WeightsException>(() => net.Load(path)).Tensor);
    }

    [Fact]
    public void Its_text_tells_one_from_another()
    {
        Assert.Equal("Preprocessing { Resize = 4, Height = 4, Width = 4, Mean = [0.1, 0.2, 0.3], Deviation = [0.5, 1, 2] }",
            (_size with { Mean = [0.1f, 0.2f, 0.3f], Deviation = [0.5f, 1, 2] }).ToString());
        var (same, other) = (new PixelMean(4, 4, Mean.Values), new PixelMean(4, 4, new float[48]));
        Assert.Equal((_size with { PixelMean = Mean }).ToString(), (_size with { PixelMean = same }).ToString());
        Assert.NotEqual((_size with { PixelMean = Mean }).ToString(), (_size with { PixelMean = other }).ToString());
    }

    [Fact]
    public void Bad_arguments_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new PixelMean(2, 2, new float[11]));
        Assert.Throws<ArgumentException>(() => new PixelMean(1, 1, [0, float.NaN, 0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PixelMean(0, 2, []));
        Assert.Throws<ArgumentException>(() => _size with { Mean = [0, 0] });
        Assert.Throws<ArgumentException>(() => _size with { Deviation = [0, 1, 1] });
        var error = Assert.Throws<ArgumentException>(() => (new Preprocessing(5, 5, 5) { PixelMean = Mean }).Apply(Augmented.Noise(5, 5), new float[75]));
        Assert.Contains("4×4 pixels, the input of 5×5", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => _size.Apply(Augmented.Noise(5, 5), new float[49]));
    }

    static string Write(TemporaryFolder folder, Network net, Dictionary<string, string> metadata, params WeightTensor[] more)
    {
        var path = folder.File("net.safetensors");
        WeightFile.Save(path, [.. net.Parameters.Tensors.Select(tensor => new WeightTensor(tensor.Name, [.. tensor.Shape], tensor.Read().ToArray())), .. more], metadata);
        return path;
    }

    sealed class Pictures(params Image[] images) : ImageDataset
    {
        public override string Description => "pictures";

        public override IReadOnlyList<string> Classes => ["all"];

        public override int Count => images.Length;

        public override int ClassOf(int index) => 0;

        public override string NameOf(int index) => $"picture {index}";

        public override Image Load(int index) => images[index];
    }
}
