using ResNet.Runtime.Data;
using ResNet.Runtime.Evaluation;
using ResNet.Runtime.Training;

namespace ResNet.Reports.Tests;

/// <summary>Evaluations of drawn images by networks that never were.</summary>
static class Evaluations
{
    /// <summary>A report of ten classes, one of which tries to be markup.</summary>
    public static EvaluationReport TenClasses(int images = 200, bool isTrained = true)
    {
        string[] labels = ["<script>alert(1)</script>", "\"quoted\" & 'single'", .. Shapes10.Names.Skip(2)];
        return new()
        {
            Model = "a <b>bold</b> network",
            Labels = labels,
            Data = new Shapes10(images, DatasetSplit.Test),
            Result = Answers(new Shapes10(images, DatasetSplit.Test), labels.Length),
            Epochs = isTrained ? [.. Enumerable.Range(1, 39).Select(epoch => new EpochMetrics(10 * epoch, epoch, 2.0 / epoch, 1 - 0.6 / epoch, 1 - 0.8 / epoch, 0.1, 3))] : [],
            Date = new(2026, 11, 28, 5, 0, 0, TimeSpan.Zero),
        };
    }

    /// <summary>A report of so many classes that neither all of them nor all their mistakes can be shown.</summary>
    public static EvaluationReport ManyClasses(int classes, int images = 400) => TenClasses(images) with
    {
        Labels = [.. Enumerable.Range(0, classes).Select(index => $"class number {index}")],
        Result = Answers(new Shapes10(images, DatasetSplit.Test), classes),
    };

    /// <summary>Three of four answers are right; how sure a wrong one is follows from the image.</summary>
    static EvaluationResult Answers(Shapes10 data, int classes)
    {
        var random = new Random(5);
        EvaluatedImage Answer(int index)
        {
            var right = classes == Shapes10.Names.Count ? data.ClassOf(index) : random.Next(classes);
            var isRight = random.Next(4) > 0;
            return new(index, right, isRight ? right : (right + 1 + random.Next(classes - 1)) % classes, (float)(isRight ? 0.6 + 0.4 * random.NextDouble() : 0.3 + 0.7 * random.NextDouble()));
        }
        EvaluatedImage[] answers = [.. Enumerable.Range(0, data.Count).Select(Answer)];
        var top1 = answers.Count(answer => answer.Predicted == answer.Class);
        return new(answers.Length, top1, (top1 + answers.Length) / 2, TimeSpan.FromSeconds(2)) { Predictions = answers };
    }
}
