using ResNet.Runtime.Data;

namespace ResNet.Runtime.Tests.Detection.Data;

public sealed class ShapesDetectionTests
{
    [Fact]
    public void Pictures_may_have_fewer_shapes()
    {
        var one = new ShapesDetection(30) { MostShapes = 1 };
        Assert.All(Enumerable.Range(0, one.Count), index => Assert.Single(one.Objects(index)));
        Assert.EndsWith("of one shape", one.Description, StringComparison.Ordinal);
        Assert.Equal([1, 2], Enumerable.Range(0, 30).Select(index => new ShapesDetection(30) { MostShapes = 2 }.Objects(index).Count).Distinct().Order());
        Assert.Throws<ArgumentOutOfRangeException>(() => new ShapesDetection(1) { MostShapes = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ShapesDetection(1) { MostShapes = 5 });
    }

    [Fact]
    public void Pictures_depend_on_seed_split_and_index_alone()
    {
        var (some, more) = (new ShapesDetection(20, seed: 7), new ShapesDetection(50, seed: 7));

        Assert.Equal(Bytes(some, 13), Bytes(more, 13));
        Assert.Equal(some.Objects(13), more.Objects(13));
        Assert.NotEqual(Bytes(some, 13), Bytes(some, 3));
        Assert.NotEqual(Bytes(some, 13), Bytes(new ShapesDetection(20, seed: 8), 13));
        Assert.NotEqual(Bytes(some, 13), Bytes(new ShapesDetection(20, DatasetSplit.Test, seed: 7), 13));
    }

    [Fact]
    public void Pictures_hold_one_to_four_shapes_that_hardly_overlap()
    {
        var dataset = new ShapesDetection(600);
        var pictures = Enumerable.Range(0, dataset.Count).Select(dataset.Objects).ToList();

        Assert.Equal([1, 2, 3, 4], pictures.Select(objects => objects.Count).Distinct().Order());
        Assert.All(pictures.SelectMany(objects => objects).CountBy(item => item.Label), entry => Assert.InRange(entry.Value, 150, 350));
        Assert.Equal(6, pictures.SelectMany(objects => objects).Select(item => item.Label).Distinct().Count());
        foreach (var objects in pictures)
        {
            Assert.All(objects, item => Assert.Equal(item.Box, item.Box.Clip(128, 128)));
            // The thinnest is a bar across, 0.56 of the smallest radius wide; the largest a disk.
            Assert.All(objects, item => Assert.True(Math.Min(item.Box.Width, item.Box.Height) >= 4 && Math.Max(item.Box.Width, item.Box.Height) is >= 11 and <= 56));
            for (var i = 0; i < objects.Count; i++)
                for (var j = 0; j < i; j++) Assert.True(objects[i].Box.Overlap(objects[j].Box) <= 0.1);
        }
    }

    /// <summary>Looks for the last shape in the picture itself: every row and column of its box holds pixels of its color, and none next to it does.</summary>
    [Fact]
    public void A_box_encloses_its_shape()
    {
        var dataset = new ShapesDetection(60);
        var found = 0;
        for (var index = 0; index < dataset.Count; index++)
        {
            // A disk, a square or a cross is painted at its middle.
            if (dataset.Objects(index)[^1] is not { Label: 0 or 2 or 4, Box: var box }) continue;
            var image = dataset.Load(index);
            var paint = image[(int)(box.X1 + box.X2) / 2, (int)(box.Y1 + box.Y2) / 2];
            var painted = from y in Enumerable.Range(0, 128) from x in Enumerable.Range(0, 128) where image[x, y] == paint select (x, y);
            var pixels = painted.ToList();
            // Pixels at the edge are blended, so what is of the very color may end a pixel earlier on each side.
            Assert.InRange(pixels.Min(pixel => pixel.x) - box.X1, 0, 2);
            Assert.InRange(pixels.Min(pixel => pixel.y) - box.Y1, 0, 2);
            Assert.InRange(box.X2 - pixels.Max(pixel => pixel.x) - 1, 0, 2);
            Assert.InRange(box.Y2 - pixels.Max(pixel => pixel.y) - 1, 0, 2);
            found++;
        }
        Assert.True(found > 15);
    }

    [Fact]
    public void Sides_are_free_and_arguments_checked()
    {
        Assert.Equal((96, 96), (new ShapesDetection(1, side: 96).Load(0).Width, new ShapesDetection(1, side: 96).Load(0).Height));
        Assert.Equal("ShapesDetection Test#2", new ShapesDetection(3, DatasetSplit.Test).NameOf(2));
        Assert.Equal(["disk", "ring", "square", "triangle", "cross", "bar"], new ShapesDetection(1).Classes);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ShapesDetection(1).Load(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ShapesDetection(1).Objects(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ShapesDetection(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ShapesDetection(1, side: 63));
        Assert.Throws<ArgumentException>(() => new ShapesDetection(1, default));
    }

    /// <summary>A whole picture as one number. It changes only where the drawing changes on purpose.</summary>
    [Fact]
    public void Bits_are_the_same_on_every_machine()
    {
        var dataset = new ShapesDetection(32);
        using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
        foreach (var index in Enumerable.Range(0, dataset.Count)) hash.AppendData(dataset.Load(index).Pixels);
        Assert.Equal("56B7B93A83A53491", Convert.ToHexString(hash.GetHashAndReset())[..16]);
    }

    static byte[] Bytes(ShapesDetection dataset, int index) => dataset.Load(index).Pixels.ToArray();
}
