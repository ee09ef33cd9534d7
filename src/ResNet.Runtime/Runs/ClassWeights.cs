using System.Globalization;
using ResNet.Runtime.Data;

namespace ResNet.Runtime.Runs;

/// <summary>Weights of classes in the loss, by name or by values.</summary>
static class ClassWeights
{
    public const string Balanced = "balanced";

    /// <summary>The weights that a setting says; none for null.</summary>
    /// <param name="text"><see cref="Balanced"/>, or a number for each class: <c>1,2.5,1</c>.</param>
    /// <param name="images">The images to train on.</param>
    /// <exception cref="ArgumentException">The text is neither, or has another number of values than there are classes.</exception>
    public static double[] Parse(string? text, ImageDataset images)
    {
        if (text is null) return [];
        if (text == Balanced) return OfShares(images);
        var weights = text.Split(',').Select(part => double.TryParse(part, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var weight) && double.IsFinite(weight)
            ? weight
            : throw new ArgumentException($"The class weights {text}: expected {Balanced}, or a number of at least 0 for each class as in 1,2.5,1, found \"{part}\"")).ToArray();
        return weights.Length == images.Classes.Count ? weights
            : throw new ArgumentException($"The class weights {text} are {weights.Length}; expected one for each of {images.Classes.Count} classes");
    }

    /// <summary>Images by (classes · images of the class), as scikit-learn's: each class then has the same part of the loss. A class without images has weight 0.</summary>
    static double[] OfShares(ImageDataset images)
    {
        var counts = new int[images.Classes.Count];
        for (var i = 0; i < images.Count; i++) counts[images.ClassOf(i)]++;
        return [.. counts.Select(count => count == 0 ? 0 : (double)images.Count / (counts.Length * (double)count))];
    }
}
