using ResNet.Runtime.Detection.Data.Annotations;
using ResNet.Runtime.Detection.Data.Voc;

namespace ResNet.Runtime;

/// <summary>
/// A data set in the layout of PASCAL VOC's development kit (Everingham et al. 2010): an XML file per image in <c>Annotations</c>, lists of
/// images in <c>ImageSets/Main</c>, images in <c>JPEGImages</c>.
/// </summary>
/// <remarks>
/// VOC gives the first and the last pixel that an object covers, counted from 1. A <see cref="Box"/> is continuous and begins at 0: xmin − 1,
/// ymin − 1, xmax, ymax. A box whose last pixel is its first is taken for one without an area, as annotation tools leave it after a click.
/// </remarks>
public sealed class VocDataset : DetectionDataset
{
    readonly IReadOnlyList<AnnotatedImage> _images;

    VocDataset(string description, IReadOnlyList<string> classes, IReadOnlyList<AnnotatedImage> images, IReadOnlyList<string> warnings) =>
        (Description, Classes, _images, Warnings) = (description, classes, images, warnings);

    /// <summary>The twenty classes of the challenges from 2007 on, by index.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow",
        "diningtable", "dog", "horse", "motorbike", "person", "pottedplant", "sheep", "sofa", "train", "tvmonitor",
    ];

    /// <inheritdoc/>
    public override string Description { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Warnings { get; }

    /// <inheritdoc/>
    public override int Count => _images.Count;

    /// <summary>
    /// Opens an image set. Without classes given, they are those of all files of annotations, whatever their image set, in ordinal order: so they are the
    /// same for all image sets, and <see cref="Names"/> for VOC itself.
    /// </summary>
    /// <param name="path">The folder of <c>Annotations</c>.</param>
    /// <param name="imageSet">The name of a list: <c>trainval</c>.</param>
    /// <param name="options">Classes, invalid boxes and place of the images; the defaults where null.</param>
    /// <exception cref="DatasetException">A file is missing or broken, lists an image twice, or has an invalid object; the message names file and object.</exception>
    public static VocDataset Open(string path, string imageSet, DetectionDatasetOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentException.ThrowIfNullOrEmpty(imageSet);
        options ??= new();
        var folder = new VocFolder(path);
        var annotations = folder.Read(imageSet);
        var classes = options.Classes ?? folder.ClassNames();
        var (table, rules) = (new ClassTable(path, classes), new BoxRules(options.InvalidBoxes));
        var images = annotations.ConvertAll(annotation => Image(annotation, options.ImageFolder ?? Path.Combine(path, VocFolder.Images), table, rules));
        return new($"PASCAL VOC layout, {imageSet}, {images.Count} images of {classes.Count} classes", classes, images, [.. rules.Warnings(path)]);
    }

    /// <inheritdoc/>
    public override string NameOf(int index) => _images[Checked(index)].Path;

    /// <inheritdoc/>
    public override IReadOnlyList<ObjectAnnotation> Objects(int index) => _images[Checked(index)].Objects;

    /// <inheritdoc/>
    public override Image Load(int index) => _images[Checked(index)].Load();

    static AnnotatedImage Image(VocAnnotation annotation, string folder, ClassTable classes, BoxRules rules)
    {
        var file = ImageFile(annotation, folder);
        var (width, height) = annotation.Size ?? AnnotatedImage.Read(file, Identify);
        var objects = new List<ObjectAnnotation>();
        for (var index = 0; index < annotation.Objects.Count; index++)
        {
            var item = annotation.Objects[index];
            var source = VocAnnotation.NameOf(annotation.Path, index, item.Name);
            var label = classes.IndexOf(item.Name, source);
            if (rules.TryTake(source, item.Corners, item.Box, width, height, out var box)) objects.Add(new(label, box) { Difficult = item.Difficult });
        }
        return new(file, width, height, objects);

        static (int, int) Identify(string path) => Runtime.Image.Identify(path) is var info ? (info.Width, info.Height) : default;
    }

    /// <summary>Finds the image of an annotation: a JPEG file of the same name, or else the file that the annotation names.</summary>
    static string ImageFile(VocAnnotation annotation, string folder)
    {
        var expected = Path.Combine(folder, Path.GetFileNameWithoutExtension(annotation.Path) + ".jpg");
        if (File.Exists(expected)) return expected;
        if (annotation.FileName is { Length: > 0 } name && AnnotatedImage.Join(folder, name, annotation.Path) is var named && File.Exists(named)) return named;
        throw new DatasetException($"{annotation.Path}: expected its image {expected}, found no such file");
    }
}
