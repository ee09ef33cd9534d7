using ResNet.Experiments.Pages;
using ResNet.Zoo;

namespace ResNet.Experiments.Papers;

/// <summary>The residual networks of He et al. 2015, section 4.2, with the errors of Table 6.</summary>
static class CifarResNets
{
    /// <summary>Steps of warm-up of the networks with 110 layers.</summary>
    public const int WarmUp = 400;

    /// <summary>The note on depths, which <see cref="LabelOf"/> leaves out, and on the numbers of a paper that has no networks of 20 layers.</summary>
    public const string DepthNote = "Networks have 20 layers unless they say otherwise; the paper's numbers beside those are of 110 layers.";

    public static Subject ResNet20 { get; } = Subject.Of(Models.CifarResNet20, "ResNet-20") with { PaperError = 8.75, Color = 0 };

    public static Subject ResNet32 { get; } = Subject.Of(Models.CifarResNet32, "ResNet-32") with { PaperError = 7.51, Color = 1 };

    public static Subject ResNet44 { get; } = Subject.Of(Models.CifarResNet44, "ResNet-44") with { PaperError = 7.17, Color = 2 };

    public static Subject ResNet56 { get; } = Subject.Of(Models.CifarResNet56, "ResNet-56") with { PaperError = 6.97, Color = 3 };

    public static Subject ResNet110 { get; } = Subject.Of(Models.CifarResNet110, "ResNet-110") with { PaperError = 6.43, Color = 4, WarmUp = WarmUp };

    /// <summary>Table 6.</summary>
    public static Experiment Table { get; } = new()
    {
        Name = "cifar",
        Title = "Residual networks for CIFAR-10, from 20 to 110 layers",
        Source = "He et al. 2015, section 4.2, Table 6",
        Claim = "The test error falls from 8.75 % with 20 layers to 6.43 % with 110 (the best of five runs; 6.61 ± 0.16 %).",
        Subjects = [ResNet20, ResNet32, ResNet44, ResNet56, ResNet110],
        Present = outcome =>
        [
            ErrorSection.Write(outcome, Degradation.Findings(outcome, new("cifar-resnet56", "cifar-resnet20"), new("cifar-resnet110", "cifar-resnet20")), "CIFAR-10, 64,000 steps, %"),
        ],
    };

    /// <summary>The label of a network among others of its kind, with its depth where that is not 20.</summary>
    public static string LabelOf(string label, int depth) => depth == 20 ? label : FormattableString.Invariant($"{label}, {depth} layers");
}
