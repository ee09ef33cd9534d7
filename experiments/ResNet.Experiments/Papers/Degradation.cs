using ResNet.Dsl;
using ResNet.Experiments.Pages;
using ResNet.Runtime.Runs;
using ResNet.Zoo;

namespace ResNet.Experiments.Papers;

/// <summary>Depth with and without shortcuts (He et al. 2015).</summary>
static class Degradation
{
    /// <summary>The CIFAR networks.</summary>
    public static Experiment Cifar { get; } = new()
    {
        Name = "degradation",
        Title = "Deeper plain networks get worse, deeper residual networks better",
        Source = "He et al. 2015, section 4.2, Figure 6 and Table 6",
        Claim = "Plain networks suffer from depth: the deeper one has the higher training error. Residual networks overcome this and gain accuracy from depth.",
        Subjects =
        [
            Plain(Models.CifarPlain20, 20, 0),
            Plain(Models.CifarPlain32, 32, 2) with { IsExtra = true },
            Plain(Models.CifarPlain44, 44, 3) with { IsExtra = true },
            Plain(Models.CifarPlain56, 56, 1),
            Plain(Models.CifarPlain110, 110, 4) with { IsExtra = true, WarmUp = CifarResNets.WarmUp },
            CifarResNets.ResNet20 with { Color = 0 },
            CifarResNets.ResNet32 with { Color = 2, IsExtra = true },
            CifarResNets.ResNet44 with { Color = 3, IsExtra = true },
            CifarResNets.ResNet56 with { Color = 1 },
            CifarResNets.ResNet110 with { Color = 4, IsExtra = true },
        ],
        Present = outcome =>
        [
            ErrorSection.Write(outcome, Findings(outcome,
                new("cifar-plain20", "cifar-plain56"), new("cifar-resnet56", "cifar-resnet20"), new("cifar-resnet56", "cifar-plain56")), "CIFAR-10, 64,000 steps, %"),
        ],
    };

    /// <summary>The ImageNet networks on small images, an eighth of the paper's area.</summary>
    public static Experiment ImageNetForm { get; } = new()
    {
        Name = "degradation-imagenet",
        Title = "18 and 34 layers in the ImageNet form, plain and residual",
        Source = "He et al. 2015, section 4.1, Figure 4 and Table 2",
        Claim = "The plain network of 34 layers has a higher training and validation error than that of 18; with shortcuts the order is reversed.",
        PaperRecipe = Recipe.PaperImageNet,
        Subjects =
        [
            Subject.Of("plain18-64", "plain-18", () => new ResNetAttribute { Depth = 18, Plain = true, ImageSize = 64 }) with { PaperError = 27.94, Color = 0, IsDashed = true },
            Subject.Of("plain34-64", "plain-34", () => new ResNetAttribute { Depth = 34, Plain = true, ImageSize = 64 }) with { PaperError = 28.54, Color = 1, IsDashed = true },
            Subject.Of("resnet18-64", "ResNet-18", () => new ResNetAttribute { Depth = 18, Shortcut = Shortcut.ZeroPad, ImageSize = 64 }) with { PaperError = 27.88, Color = 0 },
            Subject.Of("resnet34-64", "ResNet-34", () => new ResNetAttribute { Depth = 34, Shortcut = Shortcut.ZeroPad, ImageSize = 64 }) with { PaperError = 25.03, Color = 1 },
        ],
        Present = outcome =>
        [
            ErrorSection.Write(outcome, Findings(outcome, new("plain18-64", "plain34-64"), new("resnet34-64", "resnet18-64"), new("resnet34-64", "plain34-64")), "ImageNet, 10-crop, %"),
        ],
    };

    /// <summary>The findings of comparisons of trained networks.</summary>
    public static IEnumerable<string> Findings(Outcome outcome, params Comparison[] comparisons) =>
        comparisons.Select(comparison => comparison.Judge(outcome)).OfType<string>();

    static Subject Plain(Model model, int depth, int color) => Subject.Of(model, FormattableString.Invariant($"plain-{depth}")) with { Color = color, IsDashed = true };
}
