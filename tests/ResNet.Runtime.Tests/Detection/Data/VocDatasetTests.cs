using ResNet.Runtime.Data;
using static ResNet.Runtime.Tests.Detection.Data.VocFiles;

namespace ResNet.Runtime.Tests.Detection.Data;

public sealed class VocDatasetTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Boxes_begin_at_zero_and_end_after_their_last_pixel()
    {
        _folder.WriteVoc("a", Object("dog", 1, 1, 20, 10) + Object("cat", 3, 2, 5, 7.5, "<difficult>1</difficult><part><name>head</name><bndbox/></part>"));
        _folder.WriteVoc("b", "");
        _folder.WriteImageSet("train", "b", "", " a ");

        var dataset = VocDataset.Open(_folder.Path, "train");

        Assert.Equal(2, dataset.Count);
        Assert.Equal(["cat", "dog"], dataset.Classes);
        Assert.Empty(dataset.Objects(0));
        Assert.Equal([new(1, new(0, 0, 20, 10)), new(0, new(2, 1, 5, 7.5)) { Difficult = true }], dataset.Objects(1));
        Assert.Equal(_folder.File("JPEGImages/a.jpg"), dataset.NameOf(1));
        Assert.Equal((20, 10), (dataset.Load(1).Width, dataset.Load(1).Height));
        Assert.Empty(dataset.Warnings);
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset.Objects(2));
    }

    [Fact]
    public void All_image_sets_have_the_same_classes()
    {
        _folder.WriteVoc("a", Object("dog", 1, 1, 20, 10));
        _folder.WriteVoc("b", Object("cat", 1, 1, 20, 10));
        _folder.WriteImageSet("train", "a");
        _folder.WriteImageSet("val", "b");

        Assert.Equal(["cat", "dog"], Open(DatasetSplit.Train).Classes);
        Assert.Equal(1, Open(DatasetSplit.Train).Objects(0)[0].Label);
        Assert.Equal(["cat", "dog"], Open(DatasetSplit.Test).Classes);
        Assert.Equal(11, VocDataset.Open(_folder.Path, "train", new() { Classes = VocDataset.Names }).Objects(0)[0].Label);
    }

    [Fact]
    public void Validation_images_are_trained_on_where_there_are_test_images()
    {
        foreach (var name in (string[])["a", "b", "c"]) _folder.WriteVoc($"{name}", Object("dog", 1, 1, 20, 10));
        _folder.WriteImageSet("train", "a");
        _folder.WriteImageSet("val", "b");
        _folder.WriteImageSet("trainval", "a", "b");
        Assert.Equal([1, 1], [Open(DatasetSplit.Train).Count, Open(DatasetSplit.Test).Count]);
        Assert.EndsWith("b.jpg", Open(DatasetSplit.Test).NameOf(0), StringComparison.Ordinal);
        _folder.WriteImageSet("test", "c");
        Assert.Equal(2, Open(DatasetSplit.Train).Count);
        Assert.EndsWith("c.jpg", Open(DatasetSplit.Test).NameOf(0), StringComparison.Ordinal);
    }

    [Fact]
    public void The_kit_may_be_a_folder_above()
    {
        using var kit = new TemporaryFolder();
        _folder.WriteVoc("a", Object("dog", 1, 1, 20, 10));
        _folder.WriteImageSet("train", "a");
        Directory.Move(_folder.Path, kit.File("VOC2007"));
        Directory.CreateDirectory(_folder.Path);
        Assert.Equal(1, DetectionDataset.Open(kit.Path, DatasetSplit.Train).Count);
        Directory.CreateDirectory(kit.File("VOC2012/Annotations"));
        Assert.Contains("found VOC2007, VOC2012", Assert.Throws<DatasetException>(() => DetectionDataset.Open(kit.Path, DatasetSplit.Train)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_does_not_say_its_size_is_measured()
    {
        _folder.WriteVoc("a", Object("dog", 1, 1, 20, 10), size: "");
        _folder.WriteVoc("b", Object("dog", 1, 1, 20, 11), size: "<size><width>0</width><height>0</height></size>");
        _folder.WriteImageSet("train", "a");
        _folder.WriteImageSet("val", "b");
        Assert.Equal(1, Open(DatasetSplit.Train).Count);
        Assert.Contains("expected a box within the image of 20×10 pixels", Assert.Throws<DatasetException>(() => Open(DatasetSplit.Test)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, 5, 5, 8, "expected a box with an area, found 5,5 – 5,8")]
    [InlineData(5, 8, 9, 8, "expected a box with an area")]
    [InlineData(9, 5, 5, 8, "expected a box whose upper left corner comes first, found 9,5 – 5,8")]
    [InlineData(0, 1, 5, 8, "expected a box within the image of 20×10 pixels, found 0,1 – 5,8")]
    [InlineData(1, 1, 21, 10, "expected a box within")]
    [InlineData(1, 1, 20, 10.5, "expected a box within")]
    [InlineData(30, 1, 40, 10, "expected a box within")]
    public void Invalid_boxes_are_named(double xmin, double ymin, double xmax, double ymax, string expected)
    {
        _folder.WriteVoc("a", Object("dog", 1, 1, 2, 2) + Object("cat", xmin, ymin, xmax, ymax));
        _folder.WriteImageSet("train", "a");
        var error = Assert.Throws<DatasetException>(() => Open(DatasetSplit.Train));
        Assert.StartsWith($"{_folder.File("Annotations/a.xml")}: object 2 (cat): {expected}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Invalid_boxes_are_skipped_by_choice_and_rounding_is_clipped()
    {
        _folder.WriteVoc("a", Object("dog", 5, 5, 5, 5) + Object("dog", 0, 1, 20, 11) + Object("dog", -1, 1, 20, 10) + Object("dog", 9, 1, 5, 5) + Object("cat", 21, 1, 21.5, 10) + Object("dog", 1, 1, 2, 2));
        _folder.WriteImageSet("train", "a");

        var dataset = DetectionDataset.Open(_folder.Path, DatasetSplit.Train, new() { InvalidBoxes = InvalidBoxes.Skip });

        Assert.Equal([new(0, 0, 20, 10), new(0, 0, 2, 2)], dataset.Objects(0).Select(item => item.Box));
        Assert.Equal(2, dataset.Warnings.Count);
        Assert.Contains("left out are invalid boxes (4), the first being", dataset.Warnings[0], StringComparison.Ordinal);
        Assert.Contains("a.xml: object 1 (dog)", dataset.Warnings[0], StringComparison.Ordinal);
        Assert.Contains("are clipped (1)", dataset.Warnings[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<annotation>", "expected XML")]
    [InlineData("", "expected XML")]
    [InlineData("<a/>", "expected the element annotation, found a")]
    [InlineData("<!DOCTYPE annotation [<!ENTITY e SYSTEM \"file:///etc/hostname\">]><annotation><filename>&e;</filename></annotation>", "expected XML")]
    [InlineData("<annotation><object/></annotation>", "object 1: expected the element name")]
    [InlineData("<annotation><object><name>dog</name></object></annotation>", "object 1 (dog): expected the element bndbox")]
    [InlineData("<annotation><object><name>dog</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>2</xmax></bndbox></object></annotation>", "object 1 (dog): expected the element ymax")]
    [InlineData("<annotation><object><name>dog</name><bndbox><xmin>one</xmin></bndbox></object></annotation>", "expected a number as xmin, found \"one\"")]
    [InlineData("<annotation><object><name>dog</name><bndbox><xmin>NaN</xmin></bndbox></object></annotation>", "expected a number as xmin")]
    [InlineData("<annotation><object><name>dog</name><difficult>yes</difficult><bndbox/></object></annotation>", "expected 0 or 1 as difficult, found \"yes\"")]
    [InlineData("<annotation><size><width>20</width></size></annotation>", "expected the element height")]
    [InlineData("<annotation><size><width>-20</width><height>10</height></size></annotation>", "expected the size of an image, found -20×10")]
    [InlineData("<annotation><filename>../../x.png</filename></annotation>", "expected the name of a file within")]
    [InlineData("<annotation><filename>other.png</filename></annotation>", "expected its image")]
    public void Broken_annotations_are_named(string xml, string expected)
    {
        _folder.WriteVoc("a", Object("dog", 1, 1, 2, 2));
        var path = _folder.Write("Annotations/b.xml", xml);
        _folder.WriteImageSet("train", "a", "b");
        var error = Assert.Throws<DatasetException>(() => Open(DatasetSplit.Train));
        Assert.StartsWith(path + ": ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_missing_or_twice_is_named()
    {
        _folder.WriteVoc("a", Object("dog", 1, 1, 2, 2));
        _folder.WriteImageSet("train", "a", "b");
        Refused($"{_folder.File("Annotations/b.xml")}: there is no such file");
        _folder.WriteImageSet("train", "a", "a");
        Refused($"{_folder.File("ImageSets/Main/train.txt")}: line 2: expected each image once, found a again");
        _folder.WriteImageSet("train", "../a");
        Refused($"{_folder.File("ImageSets/Main/train.txt")}: line 1: expected the name of a file within");
        _folder.WriteImageSet("train");
        Refused($"{_folder.File("ImageSets/Main/train.txt")}: expected names of images, found none");
        File.Delete(_folder.File("ImageSets/Main/train.txt"));
        Refused($"{_folder.File("ImageSets/Main")}: expected train.txt");
        _folder.WriteImageSet("train", "a");
        Assert.Contains("object 1 (dog): expected one of the classes cat, found \"dog\"",
            Assert.Throws<DatasetException>(() => VocDataset.Open(_folder.Path, "train", new() { Classes = ["cat"] })).Message, StringComparison.Ordinal);
        Assert.Contains("found \"cat\" twice", Assert.Throws<DatasetException>(() => VocDataset.Open(_folder.Path, "train", new() { Classes = ["cat", "cat"] })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new DetectionDatasetOptions { Classes = [] });
        Assert.Throws<DatasetException>(() => DetectionDataset.Open(_folder.File("nothing"), DatasetSplit.Train));
        Assert.Throws<DatasetException>(() => DetectionDataset.Open(_folder.File("JPEGImages"), DatasetSplit.Train));

        void Refused(string expected) => Assert.StartsWith(expected, Assert.Throws<DatasetException>(() => Open(DatasetSplit.Train)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_of_another_size_than_its_annotation_is_refused()
    {
        _folder.WriteVoc("a", Object("dog", 1, 1, 2, 2), size: "<size><width>10</width><height>20</height></size>");
        _folder.WriteImageSet("train", "a");
        Assert.Contains("expected an image of 10×20 pixels as its annotation says, found 20×10", Assert.Throws<DatasetException>(() => Open(DatasetSplit.Train).Load(0)).Message, StringComparison.Ordinal);
        File.WriteAllText(_folder.File("JPEGImages/a.jpg"), "no image");
        Assert.StartsWith(_folder.File("JPEGImages/a.jpg"), Assert.Throws<DatasetException>(() => Open(DatasetSplit.Train).Load(0)).Message, StringComparison.Ordinal);
    }

    /// <summary>Counts and traps are those that the data set's own notes state.</summary>
    [SharedDataFact]
    public void Blood_cells_are_read()
    {
        var path = SharedData.File("bccd", "BCCD");
        Assert.Contains("BloodImage_00338.xml: object 13 (RBC): expected a box with an area, found 504,337 – 504,337",
            Assert.Throws<DatasetException>(() => VocDataset.Open(path, "trainval")).Message, StringComparison.Ordinal);

        var skipping = new DetectionDatasetOptions { InvalidBoxes = InvalidBoxes.Skip };
        var (all, train, test) = (VocDataset.Open(path, "trainval", skipping), DetectionDataset.Open(path, DatasetSplit.Train, skipping), DetectionDataset.Open(path, DatasetSplit.Test, skipping));
        Assert.Equal([292, 205, 87], [all.Count, train.Count, test.Count]);
        Assert.Equal(["Platelets", "RBC", "WBC"], all.Classes);
        Assert.Contains("left out are invalid boxes (2)", Assert.Single(all.Warnings), StringComparison.Ordinal);
        Assert.All(Enumerable.Range(0, all.Count).SelectMany(all.Objects), item => Assert.True(item.Box.Area > 1));
        Assert.Equal((640, 480), (test.Load(0).Width, test.Load(0).Height));
    }

    DetectionDataset Open(DatasetSplit split) => DetectionDataset.Open(_folder.Path, split);
}
