using ResNet.Runtime.Detection.Data.Annotations;
using ResNet.Runtime.Detection.Data.Coco;

namespace ResNet.Runtime;

/// <summary>
/// A data set in COCO's layout (Lin et al. 2014): a JSON file with lists of images, of instances and of categories. Categories become classes
/// in the order of their ids, which have gaps in COCO itself.
/// </summary>
public sealed class CocoDataset : DetectionDataset
{
    readonly IReadOnlyList<AnnotatedImage> _images;

    CocoDataset(string description, IReadOnlyList<string> classes, IReadOnlyList<AnnotatedImage> images, IReadOnlyList<string> warnings) =>
        (Description, Classes, _images, Warnings) = (description, classes, images, warnings);

    /// <inheritdoc/>
    public override string Description { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Warnings { get; }

    /// <inheritdoc/>
    public override int Count => _images.Count;

    /// <summary>
    /// Opens a file of instances. It is read piece by piece, so that its size does not matter; outlines are passed. Images are looked for in <c>PART</c>,
    /// <c>images/PART</c>, <c>images</c> and the folder itself, above the file's folder and in it, if it is called <c>instances_PART.json</c>.
    /// </summary>
    /// <param name="path">The JSON file.</param>
    /// <param name="options">Classes, invalid boxes and place of the images; the defaults where null.</param>
    /// <exception cref="DatasetException">A file is missing or broken, lists an image twice, or has an invalid object; the message names file and object.</exception>
    public static CocoDataset Open(string path, DetectionDatasetOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new();
        var file = CocoFile.Read(path);
        if (file.Images.Count == 0) throw new DatasetException($"{path}: expected images, found none");
        var names = file.Categories.OrderBy(category => category.Id).ToList();
        var classes = options.Classes ?? names.ConvertAll(category => category.Name);
        var (table, rules) = (new ClassTable(path, classes), new BoxRules(options.InvalidBoxes));
        var objects = ObjectsOf(file, table, rules);
        var folder = options.ImageFolder ?? CocoFolder.Images(path, file.Images[0].FileName)
            ?? throw new DatasetException($"{file.Images[0].Source}: expected the image {file.Images[0].FileName} in a folder beside {path}, found none; give the folder of images");
        var images = file.Images.ConvertAll(image => new AnnotatedImage(FileOf(image, folder), image.Width, image.Height, objects[image.Id]));
        return new($"COCO layout, {Path.GetFileName(path)}, {images.Count} images of {classes.Count} classes", classes, images, [.. rules.Warnings(path)]);
    }

    /// <inheritdoc/>
    public override string NameOf(int index) => _images[Checked(index)].Path;

    /// <inheritdoc/>
    public override IReadOnlyList<ObjectAnnotation> Objects(int index) => _images[Checked(index)].Objects;

    /// <inheritdoc/>
    public override Image Load(int index) => _images[Checked(index)].Load();

    static Dictionary<long, List<ObjectAnnotation>> ObjectsOf(CocoFile file, ClassTable classes, BoxRules rules)
    {
        var images = Unique(file.Images, image => image.Id, image => image.Source, "id");
        _ = Unique(file.Images, image => image.FileName, image => image.Source, "file_name");
        var categories = Unique(file.Categories, category => category.Id, category => category.Source, "id");
        var objects = images.ToDictionary(entry => entry.Key, _ => new List<ObjectAnnotation>());
        foreach (var item in file.Objects)
        {
            if (!images.TryGetValue(item.Image, out var image)) throw new DatasetException($"{item.Source}: expected the id of an image, found {item.Image}");
            if (!categories.TryGetValue(item.Category, out var category)) throw new DatasetException($"{item.Source}: expected the id of a category, found {item.Category}");
            var label = classes.IndexOf(category.Name, item.Source);
            if (rules.TryTake(item.Source, item.Box, item.Box, image.Width, image.Height, out var box))
                objects[item.Image].Add(new(label, box) { Crowd = item.IsCrowd, OutlineArea = item.Area });
        }
        return objects;
    }

    static Dictionary<TKey, T> Unique<TKey, T>(List<T> items, Func<T, TKey> key, Func<T, CocoSource> source, string name) where TKey : notnull
    {
        var found = new Dictionary<TKey, T>(items.Count);
        foreach (var item in items)
            if (!found.TryAdd(key(item), item)) throw new DatasetException($"{source(item)}: expected each {name} once, found {key(item)} again");
        return found;
    }

    static string FileOf(CocoImage image, string folder) => AnnotatedImage.Join(folder, image.FileName, image.Source) is var path && File.Exists(path) ? path
        : throw new DatasetException($"{image.Source}: expected the image {path}, found no such file");
}
