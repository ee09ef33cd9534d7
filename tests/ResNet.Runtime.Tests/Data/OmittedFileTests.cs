using ResNet.Runtime.Data;

namespace ResNet.Runtime.Tests.Data;

/// <summary>Files of a folder that are no images of its classes, and what is said of them.</summary>
public sealed class OmittedFileTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("cat/._0.png")]
    [InlineData("cat/.hidden.png")]
    [InlineData("cat/.ipynb_checkpoints/0.png")]
    [InlineData("cat/deep/.ipynb_checkpoints/0.png")]
    [InlineData("cat/__MACOSX/cat/0.png")]
    [InlineData("cat/@eaDir/0.png/thumb.jpg")]
    [InlineData("cat/Thumbs.db")]
    [InlineData("cat/desktop.ini")]
    [InlineData("cat/.DS_Store")]
    [InlineData("__MACOSX/cat/0.png")]
    [InlineData(".ipynb_checkpoints/0.png")]
    [InlineData("@eaDir/0.png")]
    [InlineData("$RECYCLE.BIN/0.png")]
    [InlineData("._cat.png")]
    public void Hidden_and_system_files_are_none(string hidden)
    {
        _folder.WriteImage("cat/0.png");
        _folder.Write(hidden, "");
        var dataset = ImageDataset.Open(_folder.Path, DatasetSplit.Train);
        Assert.Equal([_folder.File("cat/0.png")], Enumerable.Range(0, dataset.Count).Select(dataset.NameOf));
        Assert.Equal(["cat"], dataset.Classes);
        Assert.Empty(dataset.Warnings);
    }

    [Theory]
    [InlineData(".jpg")]
    [InlineData(".jpeg")]
    [InlineData(".jfif")]
    [InlineData(".JFIF")]
    [InlineData(".jpe")]
    [InlineData(".png")]
    [InlineData(".bmp")]
    public void An_extension_that_is_a_JPEG_PNG_or_BMP_file_counts(string extension)
    {
        _folder.WriteImage($"cat/0{extension}");
        Assert.Equal(1, ImageDataset.Open(_folder.Path, DatasetSplit.Train).Count);
    }

    [Fact]
    public void A_class_without_images_is_told_with_what_it_has()
    {
        _folder.WriteImage("cat/0.png");
        foreach (var name in new[] { "1.webp", "2.WEBP", "deep/3.heic", "notes" }) _folder.Write($"dog/{name}", "");
        Directory.CreateDirectory(_folder.File("emu"));

        var dataset = ImageDataset.Open(_folder.Path, DatasetSplit.Train);

        Assert.Equal(["cat", "dog", "emu"], dataset.Classes);
        Assert.Equal(1, dataset.Count);
        Assert.Equal(
        [
            $"{_folder.File("dog")}: the class has no image; left out are .heic (1), .webp (2), without extension (1)",
            $"{_folder.File("emu")}: the class has no image; the folder has no file",
        ], dataset.Warnings);
    }

    [Fact]
    public void Files_that_may_be_images_are_told_and_notes_are_not()
    {
        _folder.WriteImage("cat/0.png");
        _folder.Write("cat/0.xml", "");
        _folder.WriteImage("dog/0.png");
        _folder.Write("dog/1.avif", "");
        _folder.WriteImage("loose.png");
        Assert.Equal(
        [
            $"{_folder.File("dog")}: not all files are images that can be read; left out are .avif (1)",
            $"{_folder.Path}: left out are images beside the folders of classes (1)",
        ], ImageDataset.Open(_folder.Path, DatasetSplit.Train).Warnings);
    }

    [Fact]
    public void A_folder_around_the_classes_is_told()
    {
        foreach (var name in new[] { "cat", "dog" }) _folder.WriteImage($"photos/{name}/0.png");
        Assert.Equal(
            [$"{_folder.File("photos")}: the only class, with images in cat, dog; open this folder if those are the classes"],
            ImageDataset.Open(_folder.Path, DatasetSplit.Train).Warnings);
    }

    [Fact]
    public void No_image_at_all_is_an_error_that_names_what_there_is()
    {
        _folder.Write("cat/0.webp", "");
        _folder.Write("dog/0.webp", "");
        var error = Assert.Throws<DatasetException>(() => ImageDataset.Open(_folder.Path, DatasetSplit.Train));
        Assert.Equal(
            $"{_folder.Path}: expected images (.bmp, .jfif, .jpe, .jpeg, .jpg, .png) in its 2 folders, found none. " +
            $"{_folder.File("cat")}: the class has no image; left out are .webp (1)", error.Message);
    }
}
