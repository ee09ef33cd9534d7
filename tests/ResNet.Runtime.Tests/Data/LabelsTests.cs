namespace ResNet.Runtime.Tests.Data;

public sealed class LabelsTests
{
    [Fact]
    public void ImageNet_has_a_thousand_names_and_no_two_alike()
    {
        Assert.Equal(1000, Labels.ImageNet.Count);
        Assert.Equal(1000, Labels.ImageNet.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(Labels.ImageNet, name => Assert.Equal(name.Trim(), name));
    }

    [SharedDataFact]
    public void Every_ImageNet_name_is_most_like_the_published_name_of_the_same_index()
    {
        var published = File.ReadAllLines(SharedData.File("imagenet", "imagenet_classes.txt")).Select(Trigrams).ToArray();
        var misplaced = new List<string>();
        for (var index = 0; index < 1000; index++)
        {
            var ours = Trigrams(Labels.ImageNet[index]);
            var likeness = published.Select(theirs => Likeness(ours, theirs)).ToArray();
            if (likeness[index] == 0 || likeness.Max() > likeness[index]) misplaced.Add($"{index} {Labels.ImageNet[index]}");
        }
        Assert.Empty(misplaced);
    }

    [Fact]
    public void Names_are_read_from_a_file()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(["cat", "polar bear"], Labels.Load(folder.Write("labels.txt", "cat\r\n\n  polar bear \n")));
        Assert.Throws<FileNotFoundException>(() => Labels.Load(folder.File("none.txt")));
    }

    /// <summary>Sørensen–Dice coefficient.</summary>
    static double Likeness(HashSet<string> one, HashSet<string> other) => 2.0 * one.Count(other.Contains) / (one.Count + other.Count);

    static HashSet<string> Trigrams(string name)
    {
        var padded = $"  {name.ToUpperInvariant()} ";
        return [.. Enumerable.Range(0, padded.Length - 2).Select(at => padded.Substring(at, 3))];
    }
}
