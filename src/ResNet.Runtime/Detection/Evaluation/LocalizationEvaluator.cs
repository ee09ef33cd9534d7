namespace ResNet.Runtime.Detection.Evaluation;

/// <summary>
/// The localization error of ILSVRC (Russakovsky et al. 2015, section 4.1; He et al. 2015, Appendix C): a class that an image shows is found if one of the image's first guesses has that
/// class and a box that overlaps one of the class's objects enough. Where each image shows one class, that is the share of the images.
/// </summary>
/// <param name="classes">Names of the classes, by index.</param>
public sealed class LocalizationEvaluator(IReadOnlyList<string> classes)
{
    /// <summary>
    /// The number of an image's guesses that count, in their order. 5 by default, the challenge's top-5 error; for images of more classes that are given
    /// (<see cref="EvaluatedScenes.Localized"/>), at least as many.
    /// </summary>
    public int Guesses { get; init; } = 5;

    /// <summary>The least intersection over union of a box that is right.</summary>
    public double Threshold { get; init; } = 0.5;

    /// <summary>Measures the error.</summary>
    /// <param name="scenes">The images, their guesses in their order: of the likeliest class first, or of the classes that are given (<see cref="EvaluatedScenes.Localized"/>). Crowds and difficult objects are not sought.</param>
    /// <exception cref="ArgumentException">A score is not a number, or a label no class.</exception>
    /// <exception cref="InvalidOperationException"><see cref="Guesses"/> is not positive, or <see cref="Threshold"/> not between 0 and 1.</exception>
    public LocalizationResult Evaluate(IReadOnlyList<EvaluatedScene> scenes)
    {
        if (Guesses < 1) throw new InvalidOperationException($"{nameof(Guesses)} is {Guesses}; expected at least 1");
        if (!(Threshold is > 0 and <= 1)) throw new InvalidOperationException($"{nameof(Threshold)} is {Threshold}; expected above 0 and at most 1");
        Tally.Check(scenes, classes.Count);
        var (shown, missed) = (new int[classes.Count], new List<(int Image, int Label)>());
        foreach (var (image, scene) in scenes.Index())
            foreach (var objects in scene.Truth.Where(item => !item.Crowd && !item.Difficult).GroupBy(item => item.Label).OrderBy(group => group.Key))
            {
                shown[objects.Key]++;
                if (!scene.Found.Take(Guesses).Any(guess => guess.Label == objects.Key && objects.Any(item => item.Box.Overlap(guess.Box) >= Threshold))) missed.Add((image, objects.Key));
            }
        var missedOf = missed.CountBy(entry => entry.Label).ToDictionary();
        return new(
            scenes.Count, shown.Sum(), shown.Sum() == 0 ? null : (double)missed.Count / shown.Sum(),
            [.. classes.Select((name, label) => new ClassLocalization(label, name, shown[label], shown[label] == 0 ? null : (double)missedOf.GetValueOrDefault(label) / shown[label]))],
            missed);
    }
}

/// <summary>The localization error, of all classes and of each.</summary>
/// <param name="Images">Number of images.</param>
/// <param name="Shown">Number of classes that images show: as many as images, if each shows one.</param>
/// <param name="Error">The part of them that is not found, from 0 to 1; null where nothing is shown.</param>
/// <param name="Classes">The classes, by index.</param>
/// <param name="Missed">Image and class of each that is not found, image by image.</param>
public sealed record LocalizationResult(int Images, int Shown, double? Error, IReadOnlyList<ClassLocalization> Classes, IReadOnlyList<(int Image, int Label)> Missed);

/// <summary>The localization error of a class.</summary>
/// <param name="Label">The class's index.</param>
/// <param name="Name">Its name.</param>
/// <param name="Shown">Number of images that show it.</param>
/// <param name="Error">The part of them in which it is not found, from 0 to 1; null where no image shows it.</param>
public sealed record ClassLocalization(int Label, string Name, int Shown, double? Error);
