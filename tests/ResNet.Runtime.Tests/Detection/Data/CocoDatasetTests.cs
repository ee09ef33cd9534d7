using ResNet.Runtime.Data;
using ResNet.Runtime.Tests.Data;

namespace ResNet.Runtime.Tests.Detection.Data;

public sealed class CocoDatasetTests : IDisposable
{
    const string Categories = """[{"id": 90, "name": "dog", "supercategory": "animal"}, {"name": "cat", "id": 7}]""";
    const string Images = """[{"id": 4, "file_name": "b.png", "width": 20, "height": 10}, {"id": 3, "file_name": "a.png", "width": 20, "height": 10}]""";

    readonly TemporaryFolder _folder = new();

    public CocoDatasetTests()
    {
        foreach (var name in (string[])["a.png", "b.png"]) _folder.WriteImage($"train2017/{name}");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Categories_are_classes_in_the_order_of_their_ids()
    {
        var dataset = Open("""
            {"id": 1, "image_id": 3, "category_id": 90, "bbox": [1.5, 2, 3, 4.25], "area": 7.5, "iscrowd": 0, "segmentation": [[1, 2, 3, 4], [5, {"x": [6]}]]},
            {"id": 2, "image_id": 3, "category_id": 7, "bbox": [0, 0, 20, 10], "iscrowd": 1, "segmentation": {"counts": [272, 2], "size": [20, 10]}}
            """);

        Assert.Equal(["cat", "dog"], dataset.Classes);
        Assert.Equal(2, dataset.Count);
        Assert.Empty(dataset.Objects(0));
        Assert.Equal([new(1, new(1.5, 2, 4.5, 6.25)) { OutlineArea = 7.5 }, new(0, new(0, 0, 20, 10)) { Crowd = true }], dataset.Objects(1));
        Assert.Equal(_folder.File("train2017/a.png"), dataset.NameOf(1));
        Assert.Contains("expected an image of 20×10", Assert.Throws<DatasetException>(() => dataset.Load(1)).Message, StringComparison.Ordinal);
    }

    /// <summary>Every token falls on the edge of the buffer in one of the files.</summary>
    [Fact]
    public void Large_files_are_read_piece_by_piece()
    {
        for (var shift = 0; shift < 400; shift++)
        {
            var padding = new string(' ', 65_536 - 200 - shift);
            var dataset = Write("\uFEFF" + $$"""{"info": {"a": [null, true, {}]},{{padding}}"annotations": [{"id": 1, "image_id": 3, "category_id": 90, "bbox": [1.5, 2, 3, 4.25]}], "categories": {{Categories}}, "images": {{Images}}}""");
            Assert.Equal([new(1, new(1.5, 2, 4.5, 6.25))], CocoDataset.Open(dataset).Objects(1));
        }
        var name = new string('x', 200_000);
        Assert.Equal([name], CocoDataset.Open(Write($$"""{"categories": [{"id": 1, "name": "{{name}}"}], "annotations": [], "images": {{Images}}}""")).Classes);
    }

    [Theory]
    [InlineData("""{"id": 5, "image_id": 3, "category_id": 90, "bbox": [1, 1, 0, 4]}""", "annotations[1] (id 5): expected a box with an area, found 1,1 – 1,5")]
    [InlineData("""{"id": 5, "image_id": 3, "category_id": 90, "bbox": [1, 1, -3, 4]}""", "(id 5): expected a box whose upper left corner comes first")]
    [InlineData("""{"id": 5, "image_id": 3, "category_id": 90, "bbox": [10, 1, 11, 4]}""", "(id 5): expected a box within the image of 20×10 pixels")]
    [InlineData("""{"id": 5, "image_id": 3, "category_id": 90, "bbox": [1, 1, 1e999, 4]}""", "(id 5): expected four numbers")]
    [InlineData("""{"id": 5, "image_id": 3, "category_id": 90, "bbox": [1, 1, 4]}""", "(id 5): expected four numbers as bbox, found none")]
    [InlineData("""{"id": 5, "image_id": 3, "category_id": 90, "bbox": [1, 1, "4", 4]}""", "(id 5): expected four numbers as bbox")]
    [InlineData("""{"image_id": 3, "category_id": 90}""", "annotations[1]: expected four numbers as bbox, found none")]
    [InlineData("""{"id": 5, "image_id": 8, "category_id": 90, "bbox": [1, 1, 4, 4]}""", "(id 5): expected the id of an image, found 8")]
    [InlineData("""{"id": 5, "image_id": 3, "category_id": 91, "bbox": [1, 1, 4, 4]}""", "(id 5): expected the id of a category, found 91")]
    [InlineData("""{"id": 5, "image_id": "3", "category_id": 90, "bbox": [1, 1, 4, 4]}""", "(id 5): expected a whole number as image_id, found \"3\"")]
    [InlineData("""{"id": 5, "image_id": 3.5, "category_id": 90, "bbox": [1, 1, 4, 4]}""", "(id 5): expected a whole number as image_id, found 3.5")]
    [InlineData("""{"id": 5, "image_id": 3, "category_id": 90, "bbox": [1, 1, 4, 4], "iscrowd": 2}""", "(id 5): expected 0 or 1 as iscrowd, found 2")]
    [InlineData("[]", "annotations[1]: expected an object, found StartArray")]
    public void Invalid_objects_are_named(string item, string expected)
    {
        var error = Assert.Throws<DatasetException>(() => Open("""{"id": 1, "image_id": 3, "category_id": 90, "bbox": [1, 1, 2, 2]}, """ + item));
        Assert.StartsWith(_folder.File("annotations/instances_train2017.json") + ": ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "expected JSON")]
    [InlineData("{", "expected JSON")]
    [InlineData("[]", "expected an object with images, annotations and categories, found StartArray")]
    [InlineData("{}", "expected a list images, found none")]
    [InlineData("""{"images": [], "annotations": []""", "expected JSON")]
    [InlineData("""{"images": {}}""", "expected a list as images, found StartObject")]
    [InlineData("""{"images": [], "images": []}""", "expected one list images, found two")]
    [InlineData("""{"images": [], "annotations": [], "categories": [{"id": 1, "name": "a"}]}""", "expected images, found none")]
    [InlineData("""{"images": [], "annotations": [], "categories": []} x""", "expected JSON")]
    [InlineData("""{"images": [{"id": 1, "file_name": "a.png", "width": 0, "height": 10}]}""", "images[0] (id 1): expected the size of an image, found 0×10")]
    [InlineData("""{"images": [{"id": 1, "width": 20, "height": 10}]}""", "images[0] (id 1): expected a string as file_name, found none")]
    [InlineData("""{"images": [{"id": 1, "file_name": "a.png", "width": 20, "height": 10}, {"id": 1, "file_name": "b.png", "width": 20, "height": 10}], "annotations": [], "categories": [{"id": 1, "name": "a"}]}""", "images[1] (id 1): expected each id once, found 1 again")]
    [InlineData("""{"images": [{"id": 1, "file_name": "a.png", "width": 20, "height": 10}, {"id": 2, "file_name": "a.png", "width": 20, "height": 10}], "annotations": [], "categories": [{"id": 1, "name": "a"}]}""", "images[1] (id 2): expected each file_name once, found a.png again")]
    [InlineData("""{"images": [{"id": 1, "file_name": "a.png", "width": 20, "height": 10}], "annotations": [], "categories": [{"id": 1, "name": "a"}, {"id": 1, "name": "b"}]}""", "categories[1] (id 1): expected each id once")]
    [InlineData("""{"images": [{"id": 1, "file_name": "a.png", "width": 20, "height": 10}], "annotations": [], "categories": [{"id": 1, "name": "a"}, {"id": 2, "name": "a"}]}""", "expected classes of different names, found \"a\" twice")]
    [InlineData("""{"images": [{"id": 1, "file_name": "a.png", "width": 20, "height": 10}], "annotations": [], "categories": []}""", "expected objects of at least one class")]
    [InlineData("""{"images": [{"id": 1, "file_name": "c.png", "width": 20, "height": 10}], "annotations": [], "categories": [{"id": 1, "name": "a"}]}""", "expected the image c.png in a folder beside")]
    [InlineData("""{"images": [{"id": 1, "file_name": "a.png", "width": 20, "height": 10}, {"id": 2, "file_name": "c.png", "width": 20, "height": 10}], "annotations": [], "categories": [{"id": 1, "name": "a"}]}""", "images[1] (id 2): expected the image")]
    [InlineData("""{"images": [{"id": 1, "file_name": "a.png", "width": 20, "height": 10}, {"id": 2, "file_name": "../a.png", "width": 20, "height": 10}], "annotations": [], "categories": [{"id": 1, "name": "a"}]}""", "images[1] (id 2): expected the name of a file within")]
    public void Broken_files_are_refused(string json, string expected)
    {
        var path = Write(json);
        var error = Assert.Throws<DatasetException>(() => CocoDataset.Open(path));
        Assert.StartsWith(path + ": ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Classes_may_be_given()
    {
        var path = Write($$"""{"annotations": [{"id": 1, "image_id": 3, "category_id": 90, "bbox": [1, 1, 2, 2]}], "categories": {{Categories}}, "images": {{Images}}}""");
        Assert.Equal(2, CocoDataset.Open(path, new() { Classes = ["cow", "cat", "dog"] }).Objects(1)[0].Label);
        Assert.Contains("(id 1): expected one of the classes cat, found \"dog\"", Assert.Throws<DatasetException>(() => CocoDataset.Open(path, new() { Classes = ["cat"] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_may_lie_elsewhere()
    {
        Directory.Move(_folder.File("train2017"), _folder.File("photos"));
        var path = Write($$"""{"annotations": [], "categories": {{Categories}}, "images": {{Images}}}""");
        Assert.Throws<DatasetException>(() => CocoDataset.Open(path));
        Assert.Equal(_folder.File("photos/b.png"), CocoDataset.Open(path, new() { ImageFolder = _folder.File("photos") }).NameOf(0));
        Directory.Move(_folder.File("photos"), _folder.File("images"));
        Assert.Equal(_folder.File("images/b.png"), CocoDataset.Open(path).NameOf(0));
    }

    [Fact]
    public void A_folder_has_a_file_per_part()
    {
        var content = $$"""{"annotations": [], "categories": {{Categories}}, "images": {{Images}}}""";
        var whole = _folder.Write("annotations/all.json", content);
        foreach (var name in (string[])["a.png", "b.png"]) _folder.WriteImage(name);
        Assert.Equal(2, DetectionDataset.Open(_folder.Path, DatasetSplit.Test).Count);
        File.Delete(whole);
        Write(content);
        Assert.Contains("whose name says test or val, found instances_train2017.json", Assert.Throws<DatasetException>(() => DetectionDataset.Open(_folder.Path, DatasetSplit.Test)).Message, StringComparison.Ordinal);
        _folder.Write("annotations/captions_val2017.json", "");
        _folder.Write("annotations/instances_val2017.json", content);
        foreach (var name in (string[])["a.png", "b.png"]) _folder.WriteImage($"images/val2017/{name}");
        Assert.Equal(_folder.File("images/val2017/b.png"), DetectionDataset.Open(_folder.Path, DatasetSplit.Test).NameOf(0));
        Assert.Equal(_folder.File("train2017/b.png"), DetectionDataset.Open(_folder.Path, DatasetSplit.Train).NameOf(0));
        _folder.Write("annotations/instances_train2014.json", content);
        Assert.Contains("found instances_train2014.json, instances_train2017.json", Assert.Throws<DatasetException>(() => DetectionDataset.Open(_folder.Path, DatasetSplit.Train)).Message, StringComparison.Ordinal);
    }

    string Write(string json) => _folder.Write("annotations/instances_train2017.json", json);

    CocoDataset Open(string annotations) => CocoDataset.Open(Write($$"""{"info": {"year": 2017}, "annotations": [{{annotations}}], "categories": {{Categories}}, "images": {{Images}}}"""));
}
