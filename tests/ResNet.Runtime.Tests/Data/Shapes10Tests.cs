using ResNet.Runtime.Data;

namespace ResNet.Runtime.Tests.Data;

public sealed class Shapes10Tests
{
    [Fact]
    public void Images_depend_on_seed_split_and_index_alone()
    {
        var (some, more) = (new Shapes10(20, seed: 7), new Shapes10(50, seed: 7));

        Assert.Equal(Bytes(some, 13), Bytes(more, 13));
        Assert.NotEqual(Bytes(some, 13), Bytes(some, 3));
        Assert.NotEqual(Bytes(some, 13), Bytes(new Shapes10(20, seed: 8), 13));
        Assert.NotEqual(Bytes(some, 13), Bytes(new Shapes10(20, DatasetSplit.Test, seed: 7), 13));
    }

    /// <summary>If the drawing changes on purpose, the received file becomes the picture.</summary>
    [Fact]
    public void The_picture_in_the_docs_is_what_is_drawn()
    {
        var sheet = ContactSheet(columns: 20);
        var path = Path.Combine(SharedData.Root, "docs", "images", "shapes10.png");
        var received = Path.ChangeExtension(path, ".received.png");
        File.Delete(received);
        // Another machine's sine may round a colour the other way.
        if (File.Exists(path) && Image.Load(path) is var picture && picture.Pixels.Length == sheet.Pixels.Length
            && Enumerable.Range(0, sheet.Pixels.Length).All(i => Math.Abs(sheet.Pixels[i] - picture.Pixels[i]) <= 1)) return;
        sheet.SavePng(received);
        Assert.Fail($"New: {received}");
    }

    [Fact]
    public void Classes_are_balanced_and_named()
    {
        var dataset = new Shapes10(100);

        Assert.All(Enumerable.Range(0, 100).CountBy(dataset.ClassOf), entry => Assert.Equal(10, entry.Value));
        Assert.Equal(10, Shapes10.Names.Distinct().Count());
        Assert.Equal((32, 32), (dataset.Load(99).Width, dataset.Load(99).Height));
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset.Load(100));
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset.ClassOf(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Shapes10(0));
    }

    [Fact]
    public void A_linear_model_of_the_pixels_stays_below_one_half()
    {
        var model = new LinearSoftmax(Shapes10.Names.Count, 3 * Shapes10.Side * Shapes10.Side);
        var (train, test) = (new Shapes10(2000), new Shapes10(500, DatasetSplit.Test));
        var trainImages = Enumerable.Range(0, train.Count).Select(index => Pixels(train, index)).ToArray();
        for (var epoch = 0; epoch < 5; epoch++)
            for (var index = 0; index < train.Count; index++)
                model.Learn(trainImages[index], train.ClassOf(index), rate: 0.001f);

        // The model does learn: it knows most of what it has seen better than by chance.
        Assert.InRange(Accuracy(train), 0.15, 1);
        Assert.InRange(Accuracy(test), 0, 0.5);

        double Accuracy(Shapes10 dataset) =>
            Enumerable.Range(0, dataset.Count).Average(index => model.Classify(Pixels(dataset, index)) == dataset.ClassOf(index) ? 1.0 : 0.0);
    }

    static byte[] Bytes(Shapes10 dataset, int index) => dataset.Load(index).Pixels.ToArray();

    static float[] Pixels(Shapes10 dataset, int index) => Array.ConvertAll(Bytes(dataset, index), value => value / 255f - 0.5f);

    /// <summary>A row per class.</summary>
    static Image ContactSheet(int columns)
    {
        var dataset = new Shapes10(Shapes10.Names.Count * columns);
        var (width, height) = (columns * Shapes10.Side, Shapes10.Names.Count * Shapes10.Side);
        var pixels = new byte[3 * width * height];
        for (var index = 0; index < dataset.Count; index++)
        {
            var (image, left, top) = (dataset.Load(index), index / Shapes10.Names.Count * Shapes10.Side, dataset.ClassOf(index) * Shapes10.Side);
            for (var y = 0; y < Shapes10.Side; y++)
                image.Pixels.Slice(3 * y * Shapes10.Side, 3 * Shapes10.Side).CopyTo(pixels.AsSpan(3 * ((top + y) * width + left)));
        }
        return Image.FromRgb(width, height, pixels);
    }
}
