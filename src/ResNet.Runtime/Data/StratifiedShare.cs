using ResNet.Runtime.Data.Folders;
using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Data;

/// <summary>Divides a data set in two, each class in the same proportion.</summary>
static class StratifiedShare
{
    public static DatasetSplits Take(ImageDataset dataset, double share, ulong seed)
    {
        var taken = new bool[dataset.Count];
        var single = new List<string>();
        foreach (var ofClass in Enumerable.Range(0, dataset.Count).GroupBy(dataset.ClassOf))
        {
            // Images of one name are one image.
            var images = ofClass.GroupBy(dataset.NameOf, StringComparer.Ordinal).OrderBy(image => image.Key, StringComparer.Ordinal).ToArray();
            if (images.Length == 1)
            {
                single.Add(dataset.Classes[ofClass.Key]);
                continue;
            }
            var count = Math.Clamp((int)Math.Round(images.Length * share), 1, images.Length - 1);
            new CounterRandom(new CounterRandom(seed, "validation")[ofClass.Key]).Shuffle(images);
            foreach (var index in images.Take(count).SelectMany(image => image)) taken[index] = true;
        }
        var validation = Subset(dataset, index => taken[index], []);
        string[] warnings = single.Count == 0 ? [] : [$"{single.Count} classes have one image, which is trained on and not validated ({FolderClasses.Some(single)})"];
        return new(Subset(dataset, index => !taken[index], [.. dataset.Warnings, .. warnings]), validation.Count > 0 ? validation : null);
    }

    static DatasetSubset Subset(ImageDataset dataset, Predicate<int> contains, IReadOnlyList<string> warnings) =>
        new(dataset, [.. Enumerable.Range(0, dataset.Count).Where(index => contains(index))], warnings);
}
