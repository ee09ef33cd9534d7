using ResNet.Runtime.Data;

namespace ResNet.Runtime.Tests.Data;

public sealed class DatasetSplitsTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("train_set", "val_set")]
    [InlineData("train2017", "val2017")]
    [InlineData("Training images", "Test images")]
    public void Parts_by_other_names_are_no_classes_unless_a_list_says_so(string train, string test)
    {
        foreach (var part in new[] { train, test })
            foreach (var name in new[] { "cat", "dog" }) _folder.WriteImage($"{part}/{name}/1.png");
        var error = Assert.Throws<DatasetException>(() => DatasetSplits.Open(_folder.Path));
        Assert.Contains($"{train} and {test}", error.Message.Replace($"{test} and {train}", $"{train} and {test}", StringComparison.Ordinal), StringComparison.Ordinal);
        _folder.Write("classes.txt", $"{train}\n{test}\n");
        Assert.Equal([train, test], ImageDataset.Open(_folder.Path, DatasetSplit.Train).Classes);
    }

    [Theory]
    [InlineData("train", "valid")]
    [InlineData("train", "test")]
    [InlineData("Train", "VAL")]
    [InlineData("training", "validation")]
    [InlineData("train", "dev")]
    [InlineData("train", "eval")]
    public void Parts_are_no_classes(string train, string validation)
    {
        foreach (var part in new[] { train, validation })
            foreach (var name in new[] { "cat", "dog" })
                for (byte i = 0; i < 4; i++) _folder.WriteImage($"{part}/{name}/{i}.png", red: part == train ? i : (byte)(100 + i));

        var splits = DatasetSplits.Open(_folder.Path);

        Assert.Equal(["cat", "dog"], splits.Train.Classes);
        Assert.Equal(["cat", "dog"], splits.Validation!.Classes);
        Assert.Equal([0, 0, 0, 0, 1, 1, 1, 1], ClassesOf(splits.Train));
        Assert.Equal([0, 0, 0, 0, 1, 1, 1, 1], ClassesOf(splits.Validation));
        Assert.All(Enumerable.Range(0, 8), index => Assert.InRange(splits.Train.Load(index)[0, 0].Red, 0, 3));
        Assert.All(Enumerable.Range(0, 8), index => Assert.InRange(splits.Validation.Load(index)[0, 0].Red, 100, 103));
        Assert.Empty(splits.Train.Warnings);
    }

    [Fact]
    public void Test_images_stay_untouched_where_there_are_others_to_validate_on()
    {
        foreach (var part in new[] { "train", "val", "test" }) _folder.WriteImage($"{part}/cat/1.png");
        Assert.Equal(_folder.File("val/cat/1.png"), DatasetSplits.Open(_folder.Path).Validation!.NameOf(0));
        Assert.Equal(_folder.File("test/cat/1.png"), ImageDataset.Open(_folder.Path, DatasetSplit.Test).NameOf(0));
    }

    [Fact]
    public void Test_images_without_classes_are_not_validated_on()
    {
        for (var i = 0; i < 5; i++) _folder.WriteImage($"train/cat/{i}.png");
        _folder.WriteImage("test/9.png");
        var splits = DatasetSplits.Open(_folder.Path);
        Assert.Equal((4, 1), (splits.Train.Count, splits.Validation!.Count));
        Assert.StartsWith(_folder.File("train"), splits.Validation.NameOf(0), StringComparison.Ordinal);
        Assert.Equal([$"{_folder.Path}: left out are the images in test"], splits.Train.Warnings);
    }

    [Fact]
    public void Validation_has_the_classes_of_training()
    {
        foreach (var name in new[] { "cat", "dog", "emu" }) _folder.WriteImage($"train/{name}/1.png");
        foreach (var name in new[] { "Dog", "emu" }) _folder.WriteImage($"val/{name}/1.png");

        var splits = DatasetSplits.Open(_folder.Path);

        Assert.Equal([1, 2], ClassesOf(splits.Validation!));
        Assert.Equal([1, 2], ClassesOf(ImageDataset.Open(_folder.Path, DatasetSplit.Test)));
        Assert.Equal(["cat", "dog", "emu"], ImageDataset.Open(_folder.Path, DatasetSplit.Test).Classes);
        _folder.WriteImage("val/lion/1.png");
        Refused($"{_folder.File("val")}: expected folders of the classes of {_folder.File("train")} (cat, dog, emu), found lion");
        // As many of other names are no others in their order.
        Directory.Delete(_folder.File("val"), recursive: true);
        foreach (var name in new[] { "lion", "tiger", "zebra" }) _folder.WriteImage($"val/{name}/1.png");
        Refused($"{_folder.File("val")}: expected folders of the classes of {_folder.File("train")} (cat, dog, emu), found lion, tiger, zebra");
    }

    [Fact]
    public void Without_a_part_to_validate_on_each_class_gives_its_share()
    {
        for (var i = 0; i < 50; i++) _folder.WriteImage($"cat/{i}.png");
        for (var i = 0; i < 7; i++) _folder.WriteImage($"dog/{i}.png");
        for (var i = 0; i < 2; i++) _folder.WriteImage($"emu/{i}.png");
        _folder.WriteImage("fox/0.png");

        var splits = DatasetSplits.Open(_folder.Path);

        Assert.Equal([(0, 40), (1, 6), (2, 1), (3, 1)], ClassesOf(splits.Train).CountBy(index => index).Select(count => (count.Key, count.Value)));
        Assert.Equal([(0, 10), (1, 1), (2, 1)], ClassesOf(splits.Validation!).CountBy(index => index).Select(count => (count.Key, count.Value)));
        Assert.Equal(60, Enumerable.Range(0, 48).Select(splits.Train.NameOf).Union(Enumerable.Range(0, 12).Select(splits.Validation!.NameOf)).Count());
        Assert.Contains("fox", Assert.Single(splits.Train.Warnings), StringComparison.Ordinal);
        Assert.Equal("48 of the 60 images of 4 folders of images, their classes by the folders' names", splits.Train.Description);
        Assert.Equal(splits.Train.Load(3), splits.Train.Load(3), (one, other) => one.Pixels.SequenceEqual(other.Pixels));
    }

    [Fact]
    public void A_share_follows_from_the_seed_and_the_names_alone()
    {
        for (var i = 0; i < 30; i++) _folder.WriteImage($"cat/{i}.png");
        using var other = new TemporaryFolder();
        for (var i = 29; i >= 0; i--) other.WriteImage($"cat/{i}.png");
        string[] Validated(TemporaryFolder folder, ulong seed) => [.. Names(DatasetSplits.Open(folder.Path, new() { Seed = seed }).Validation!)];

        Assert.Equal(Validated(_folder, 1), Validated(_folder, 1));
        Assert.Equal(Validated(_folder, 1), Validated(other, 1));
        Assert.NotEqual(Validated(_folder, 1), Validated(_folder, 2));
        Assert.Equal(24, Names(DatasetSplits.Open(_folder.Path).Train).Count());
        // By chance, not the first ones in their order.
        Assert.NotEqual(Names(ImageDataset.Open(_folder.Path, DatasetSplit.Train)).Take(6), Validated(_folder, 1));
    }

    [Theory]
    [InlineData(0.5, 5)]
    [InlineData(0.01, 1)]
    [InlineData(0.99, 9)]
    public void Both_sides_have_images_whatever_the_share(double share, int expected)
    {
        for (var i = 0; i < 10; i++) _folder.WriteImage($"cat/{i}.png");
        Assert.Equal(expected, DatasetSplits.Open(_folder.Path, new() { ValidationShare = share }).Validation!.Count);
    }

    [Fact]
    public void A_share_of_nothing_is_no_validation()
    {
        for (var i = 0; i < 3; i++) _folder.WriteImage($"cat/{i}.png");
        var splits = DatasetSplits.Open(_folder.Path, new() { ValidationShare = 0 });
        Assert.Equal((3, null), (splits.Train.Count, splits.Validation));
        foreach (var share in new[] { -0.1, 1, double.NaN }) Assert.Throws<ArgumentOutOfRangeException>(() => new DatasetSplitsOptions { ValidationShare = share });
    }

    [Fact]
    public void Lines_of_one_file_stay_together()
    {
        for (var i = 0; i < 5; i++) _folder.WriteImage($"{i}.png");
        var list = _folder.Write("list.csv", string.Join('\n', Enumerable.Range(0, 20).Select(i => $"{i % 5}.png,cat")));
        var splits = DatasetSplits.Open(list);
        Assert.Equal((16, 4), (splits.Train.Count, splits.Validation!.Count));
        Assert.Empty(Names(splits.Train).Intersect(Names(splits.Validation)));
    }

    [Fact]
    public void Archives_have_test_images_of_their_own()
    {
        for (var batch = 1; batch <= 5; batch++) _folder.Write($"data_batch_{batch}.bin", new byte[4 * 3073]);
        Assert.Equal((16, 4), (DatasetSplits.Open(_folder.Path).Train.Count, DatasetSplits.Open(_folder.Path).Validation!.Count));
        _folder.Write("test_batch.bin", new byte[3073]);
        Assert.Equal((20, 1), (DatasetSplits.Open(_folder.Path).Train.Count, DatasetSplits.Open(_folder.Path).Validation!.Count));
    }

    [Fact]
    public void An_image_that_a_link_has_put_on_both_sides_is_found()
    {
        _folder.WriteImage("train/cat/1.png");
        _folder.WriteImage("valid/dog/2.png");
        _folder.WriteImage("train/dog/2.png");
        Directory.CreateSymbolicLink(_folder.File("valid/cat"), _folder.File("train/cat"));
        Assert.Contains("expected images that no other folder of the data set has", Assert.Throws<DatasetException>(() => DatasetSplits.Open(_folder.Path)).Message, StringComparison.Ordinal);
        Directory.Delete(_folder.File("valid/cat"));
        Directory.CreateDirectory(_folder.File("valid/cat"));
        File.CreateSymbolicLink(_folder.File("valid/cat/9.png"), _folder.File("train/cat/1.png"));
        Assert.Contains("valid/cat/9.png: expected images that no other", Assert.Throws<DatasetException>(() => DatasetSplits.Open(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Classes_of_a_network_are_kept()
    {
        foreach (var part in new[] { "train", "val" }) _folder.WriteImage($"{part}/dog/1.png");
        var splits = DatasetSplits.Open(_folder.Path, new() { Classes = ["cat", "dog"] });
        Assert.Equal(["cat", "dog"], splits.Validation!.Classes);
        Assert.Equal((1, 1), (splits.Train.ClassOf(0), splits.Validation.ClassOf(0)));
        Assert.Equal([$"{_folder.File("train")}: 1 of 2 classes have no folder (cat)"], splits.Train.Warnings);
    }

    [Fact]
    public async Task A_name_or_a_path_opens()
    {
        for (var i = 0; i < 5; i++) _folder.WriteImage($"photos/cat/{i}.png");
        Assert.Equal(4, (await DatasetSplits.OpenAsync(_folder.File("photos"))).Train.Count);
        var published = new PublishedDatasetsOptions { CacheFolder = _folder.Path, Offline = true };
        await Assert.ThrowsAsync<DatasetException>(() => DatasetSplits.OpenAsync("cifar10", published: published));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => DatasetSplits.OpenAsync(_folder.File("photos"), cancellationToken: new(canceled: true)));
    }

    [Fact]
    public void A_part_has_to_be_named()
    {
        _folder.WriteImage("cat/1.png");
        foreach (var split in new[] { default, (DatasetSplit)3 })
        {
            Assert.Contains("expected DatasetSplit.Train or DatasetSplit.Test", Assert.Throws<ArgumentException>(() => ImageDataset.Open(_folder.Path, split)).Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentException>(() => CifarDataset.Open(_folder.Path, split));
            Assert.Throws<ArgumentException>(() => MnistDataset.Open(_folder.Path, split));
            Assert.Throws<ArgumentException>(() => new Shapes10(10, split));
        }
        Assert.Throws<ArgumentException>(() => ImageDataset.Open(_folder.Path, DatasetSplit.Train, []));
        Assert.Throws<ArgumentException>(() => new DatasetSplitsOptions { Classes = [] });
    }

    void Refused(string message) => Assert.Equal(message, Assert.Throws<DatasetException>(() => DatasetSplits.Open(_folder.Path)).Message);

    static IEnumerable<int> ClassesOf(ImageDataset dataset) => Enumerable.Range(0, dataset.Count).Select(dataset.ClassOf);

    static IEnumerable<string> Names(ImageDataset dataset) => Enumerable.Range(0, dataset.Count).Select(index => Path.GetFileName(dataset.NameOf(index)));
}
