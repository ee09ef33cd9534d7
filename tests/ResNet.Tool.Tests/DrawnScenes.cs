using System.Globalization;
using ResNet.Runtime;
using ResNet.Runtime.Data;

namespace ResNet.Tool.Tests;

/// <summary>Drawn pictures with boxes, as files.</summary>
static class DrawnScenes
{
    const int Side = 96;

    /// <summary>Writes a data set in PASCAL VOC's layout, and gives its path.</summary>
    public static string WriteVoc(TemporaryFolder folder, int train, int test)
    {
        Write(folder, "trainval", new ShapesDetection(train, side: Side));
        Write(folder, "test", new ShapesDetection(test, DatasetSplit.Test, side: Side));
        return folder.File("voc");
    }

    /// <summary>Draws pictures into a folder, and gives its path.</summary>
    public static string DrawPictures(TemporaryFolder folder, string name, int count)
    {
        var scenes = new ShapesDetection(count, side: Side);
        for (var i = 0; i < count; i++)
        {
            folder.Write($"{name}/{i}.png", []);
            scenes.Load(i).SavePng(folder.File($"{name}/{i}.png"));
        }
        return folder.File(name);
    }

    static void Write(TemporaryFolder folder, string part, ShapesDetection scenes)
    {
        var names = Enumerable.Range(0, scenes.Count).Select(index => $"{part}{index}").ToList();
        foreach (var (index, name) in names.Index())
        {
            folder.Write($"voc/JPEGImages/{name}.jpg", []);
            scenes.Load(index).SavePng(folder.File($"voc/JPEGImages/{name}.jpg"));
            var objects = scenes.Objects(index).Select(item => string.Create(CultureInfo.InvariantCulture,
                $"<object><name>{scenes.Classes[item.Label]}</name><bndbox><xmin>{item.Box.X1 + 1}</xmin><ymin>{item.Box.Y1 + 1}</ymin><xmax>{item.Box.X2}</xmax><ymax>{item.Box.Y2}</ymax></bndbox></object>"));
            folder.Write($"voc/Annotations/{name}.xml",
                $"<annotation><filename>{name}.jpg</filename><size><width>{Side}</width><height>{Side}</height><depth>3</depth></size>{string.Concat(objects)}</annotation>");
        }
        folder.Write($"voc/ImageSets/Main/{part}.txt", string.Join('\n', names) + "\n");
    }
}
