namespace ResNet.Runtime.Evaluation;

/// <summary>Counts, for every pair of classes, the images of the one that a network classified as the other.</summary>
public sealed class ConfusionMatrix
{
    // Few of the million pairs of a thousand classes occur.
    readonly Dictionary<(int Class, int Predicted), int> _counts = [];
    readonly int[] _images;
    readonly int[] _predicted;

    /// <summary>Counts the answers of an evaluation.</summary>
    /// <param name="classes">Number of classes.</param>
    /// <param name="answers">The answers, as <see cref="EvaluationResult.Predictions"/> holds them.</param>
    /// <exception cref="ArgumentException">An answer names a class that is not among the classes.</exception>
    public ConfusionMatrix(int classes, IEnumerable<EvaluatedImage> answers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentNullException.ThrowIfNull(answers);
        _images = new int[classes];
        _predicted = new int[classes];
        foreach (var answer in answers)
        {
            if ((uint)answer.Class >= (uint)classes || (uint)answer.Predicted >= (uint)classes)
                throw new ArgumentException($"Expected classes from 0 to {classes - 1}, found {answer}", nameof(answers));
            _counts[(answer.Class, answer.Predicted)] = this[answer.Class, answer.Predicted] + 1;
            _images[answer.Class]++;
            _predicted[answer.Predicted]++;
        }
        Scores = [.. Enumerable.Range(0, classes).Select(index => new ClassScore(index, _images[index], _predicted[index], this[index, index]))];
        Confusions =
        [
            .. _counts.Where(pair => pair.Key.Class != pair.Key.Predicted)
                .Select(pair => new Confusion(pair.Key.Class, pair.Key.Predicted, pair.Value))
                .OrderByDescending(confusion => confusion.Images).ThenBy(confusion => confusion.Class).ThenBy(confusion => confusion.Predicted),
        ];
    }

    /// <summary>Number of classes.</summary>
    public int Classes => _images.Length;

    /// <summary>Number of images.</summary>
    public int Images => _images.Sum();

    /// <summary>The number of images of a class that were taken for a class.</summary>
    /// <param name="class">The right class.</param>
    /// <param name="predicted">The likeliest class.</param>
    public int this[int @class, int predicted] => _counts.GetValueOrDefault((@class, predicted));

    /// <summary>Precision, recall and F1 of each class, by index.</summary>
    public IReadOnlyList<ClassScore> Scores { get; }

    /// <summary>The mistakes by their pair of classes, the most frequent pair first; equally frequent ones in the order of their classes.</summary>
    public IReadOnlyList<Confusion> Confusions { get; }

    /// <summary>Mean F1 of the classes that have one, each counting as much as every other; null without images.</summary>
    public double? MacroF1 => Scores.Average(score => score.F1);
}

/// <summary>Precision, recall and F1 of one class.</summary>
/// <param name="Class">The class.</param>
/// <param name="Images">Images of the class, its support.</param>
/// <param name="Predicted">Images that were taken for the class.</param>
/// <param name="Right">Images of the class that were taken for it.</param>
public readonly record struct ClassScore(int Class, int Images, int Predicted, int Right)
{
    /// <summary>The part of the images classified as the class that show it, from 0 to 1; null if there are none.</summary>
    public double? Precision => Predicted == 0 ? null : (double)Right / Predicted;

    /// <summary>The part of the images of the class that were classified as it, from 0 to 1; null if there are none.</summary>
    public double? Recall => Images == 0 ? null : (double)Right / Images;

    /// <summary>The harmonic mean of precision and recall, from 0 to 1; null for a class without images as which no image was classified.</summary>
    public double? F1 => Images + Predicted == 0 ? null : 2.0 * Right / (Images + Predicted);
}

/// <summary>A kind of mistake.</summary>
/// <param name="Class">The right class.</param>
/// <param name="Predicted">The class that the images were taken for.</param>
/// <param name="Images">Number of images.</param>
public readonly record struct Confusion(int Class, int Predicted, int Images);
