using System.Text;

namespace ResNet.Fuzz.Formats;

/// <summary>Annotations of detectors' data.</summary>
static class Annotations
{
    public static Format Voc { get; } = new("voc", ReadVoc, VocSeeds, typeof(DatasetException))
    {
        Words =
        [
            "<annotation>", "</annotation>", "<size>", "<width>", "<height>", "<object>", "</object>", "<name>", "<bndbox>", "<xmin>", "<ymin>", "<xmax>", "<ymax>", "<difficult>", "<!DOCTYPE a [", "<!ENTITY b \"c\">",
            "&b;", "&#x0;", "<![CDATA[", "]]>", "<?xml version=\"1.0\"?>", "xmlns=\"\"", "1e999", "NaN",
        ],
    };

    public static Format Coco { get; } = new("coco", ReadCoco, CocoSeeds, typeof(DatasetException))
    {
        Words =
        [
            "\"images\":", "\"annotations\":", "\"categories\":", "\"bbox\":", "\"id\":", "\"image_id\":", "\"category_id\":", "\"file_name\":", "\"width\":", "\"height\":", "\"iscrowd\":", "\"area\":", "\"name\":",
            "1e999", "-1", "9223372036854775808", "\\ud800", "[[[[", "{}",
        ],
    };

    static void ReadVoc(byte[] content, string folder)
    {
        Prepare(folder, "JPEGImages/a.jpg", Seeds.Picture(20, 10));
        Prepare(folder, "ImageSets/Main/train.txt", "a\n"u8.ToArray());
        Write(folder, "Annotations/a.xml", content);
        Load(VocDataset.Open(folder, "train", new() { InvalidBoxes = InvalidBoxes.Skip }));
        Load(VocDataset.Open(folder, "train"));
    }

    static IEnumerable<byte[]> VocSeeds() => ((string[])
    [
        "<annotation><filename>a.jpg</filename><size><width>20</width><height>10</height><depth>3</depth></size><object><name>dog</name><difficult>1</difficult><bndbox><xmax>9</xmax><xmin>2</xmin><ymin>3</ymin><ymax>8.5</ymax></bndbox></object></annotation>",
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<annotation>\n\t<object><name>cat</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>20</xmax><ymax>10</ymax></bndbox></object><object><name>cat &amp; dog</name><bndbox><xmin>5</xmin><ymin>5</ymin><xmax>25</xmax><ymax>10</ymax></bndbox></object>\n</annotation>",
    ]).Select(Encoding.UTF8.GetBytes);

    static void ReadCoco(byte[] content, string folder)
    {
        foreach (var name in (string[])["a.png", "b.png"]) Prepare(folder, $"images/{name}", Seeds.Picture(20, 10));
        var path = Write(folder, "annotations/instances.json", content);
        Load(CocoDataset.Open(path, new() { InvalidBoxes = InvalidBoxes.Skip }));
        Load(CocoDataset.Open(path));
    }

    static IEnumerable<byte[]> CocoSeeds() => ((string[])
    [
        """{"info": {"year": 2017}, "images": [{"id": 4, "file_name": "b.png", "width": 20, "height": 10}, {"id": 3, "file_name": "a.png", "width": 20, "height": 10}], "annotations": [{"id": 1, "image_id": 3, "category_id": 90, "bbox": [1.5, 2, 3, 4.25], "area": 7.5, "iscrowd": 0, "segmentation": [[1, 2, 3, 4], [5, {"x": [6]}]]}], "categories": [{"id": 90, "name": "dog", "supercategory": "animal"}, {"name": "cat", "id": 7}]}""",
        """{"categories": [{"id": 1, "name": "\u0063at"}], "annotations": [{"id": 2, "image_id": 3, "category_id": 1, "bbox": [0, 0, 20, 10], "iscrowd": 1, "segmentation": {"counts": [272, 2], "size": [20, 10]}}], "images": [{"id": 3, "file_name": "a.png", "width": 20, "height": 10}]}""",
    ]).Select(Encoding.UTF8.GetBytes);

    static void Load(DetectionDataset dataset)
    {
        for (var index = 0; index < dataset.Count; index++) dataset.Load(index);
    }

    static void Prepare(string folder, string name, byte[] content)
    {
        if (!File.Exists(Path.Combine(folder, name))) Write(folder, name, content);
    }

    static string Write(string folder, string name, byte[] content)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }
}
