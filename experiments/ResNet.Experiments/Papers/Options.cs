using ResNet.Dsl;
using ResNet.Experiments.Pages;
using ResNet.Runtime.Runs;

namespace ResNet.Experiments.Papers;

/// <summary>Options A, B and C of the shortcuts (He et al. 2015, section 3.3).</summary>
static class Options
{
    public static Experiment Table { get; } = new()
    {
        Name = "options",
        Title = "Zero padding, projections where shapes change, projections everywhere",
        Source = "He et al. 2015, section 4.1, Table 3",
        Claim = "All three options are much better than the plain network of 34 layers; B is slightly better than A, and C marginally better than B: projections are not essential.",
        PaperRecipe = Recipe.PaperImageNet,
        Subjects =
        [
            Subject.Of("plain34-64", "plain-34", () => new ResNetAttribute { Depth = 34, Plain = true, ImageSize = 64 }) with { PaperError = 28.54, Color = 5, IsDashed = true },
            Residual("a", Shortcut.ZeroPad, 25.03, 0),
            Residual("b", Shortcut.Projection, 24.52, 1),
            Residual("c", Shortcut.ProjectionAlways, 24.19, 2),
        ],
        Present = outcome =>
        [
            ErrorSection.Write(outcome, Degradation.Findings(outcome,
                new("resnet34-64-a", "plain34-64"), new("resnet34-64-b", "resnet34-64-a"), new("resnet34-64-c", "resnet34-64-b")), "ImageNet, 10-crop, %"),
        ],
    };

    static Subject Residual(string option, Shortcut shortcut, double error, int color) =>
        Subject.Of($"resnet34-64-{option}", $"ResNet-34 {option.ToUpperInvariant()}", () => new ResNetAttribute { Depth = 34, Shortcut = shortcut, ImageSize = 64 }) with
        {
            PaperError = error,
            Color = color,
        };
}
