using ResNet.Dsl;
using ResNet.Experiments.Pages;
using ResNet.Experiments.Probes;
using ResNet.Zoo;

namespace ResNet.Experiments.Papers;

/// <summary>Measures the gradients of the first layers (He et al. 2016).</summary>
static class Gradients
{
    public static Experiment Flow { get; } = new()
    {
        Name = "gradients",
        Title = "Identity shortcuts carry the gradient to every layer",
        Source = "He et al. 2016, section 2, equations 4 and 5",
        Claim = "With identity shortcuts and nothing after the addition, ∂L/∂x_l is ∂L/∂x_L, carried back unchanged, and a rest through the residual functions, so it does not vanish however small the weights are.",
        Probe = new GradientProbe(),
        Subjects =
        [
            Subject.Of(Models.CifarPlain56, "plain-56") with { Color = 1, IsDashed = true },
            Subject.Of(Models.CifarResNet56, "original ResNet-56") with { Color = 0 },
            Subject.Of("cifar-preact-resnet56", "pre-activation ResNet-56", () => new CifarResNetAttribute { Depth = 56, Unit = Unit.PreActivation }) with { Color = 2 },
            Subject.Of(Models.CifarPlain110, "plain-110") with { Color = 3, IsDashed = true, IsExtra = true, WarmUp = CifarResNets.WarmUp },
            Subject.Of(Models.CifarResNet110, "original ResNet-110") with { Color = 4, IsExtra = true, WarmUp = CifarResNets.WarmUp },
            Subject.Of(Models.CifarPreActResNet110, "pre-activation ResNet-110") with { Color = 5, IsExtra = true, WarmUp = CifarResNets.WarmUp },
        ],
        Present = outcome => [.. GradientSection.Write(outcome), .. Errors.Of(outcome)],
    };
}
