using ResNet.Runtime.Data;

namespace ResNet.Runtime.Tests.Data;

public sealed class Shapes10Tests
{
    [Fact]
    public void Images_depend_on_seed_split_and_index_alone()
    {
        var (some, more) = (new Shapes10(20, seed: 7), new Shapes10(50, seed: 7));

        Assert.Equal(some.Load(13).Pixels, more.Load(13).Pixels);
        Assert.NotEqual(some.Load(13).Pixels, some.Load(3).Pixels);
        Assert.NotEqual(some.Load(13).Pixels, new Shapes10(20, seed: 8).Load(13).Pixels);
        Assert.NotEqual(some.Load(13).Pixels, new Shapes10(20, DatasetSplit.Test, seed: 7).Load(13).Pixels);
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

    static float[] Pixels(Shapes10 dataset, int index) => Array.ConvertAll(dataset.Load(index).Pixels.ToArray(), value => value / 255f - 0.5f);
}
