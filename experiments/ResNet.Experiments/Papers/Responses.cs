using ResNet.Experiments.Pages;
using ResNet.Experiments.Probes;
using ResNet.Zoo;

namespace ResNet.Experiments.Papers;

/// <summary>Measures the responses of layers (He et al. 2015).</summary>
static class Responses
{
    public static Experiment Layers { get; } = new()
    {
        Name = "responses",
        Title = "Residual layers respond less than plain ones",
        Source = "He et al. 2015, section 4.2, Figure 7",
        Claim = "The responses of the 3×3 layers, after normalization and before ReLU and addition, are smaller in residual networks than in plain ones, and smaller the deeper the network is: residual functions are closer to zero.",
        Probe = new ResponseProbe(),
        Subjects =
        [
            Subject.Of(Models.CifarPlain20, "plain-20") with { Color = 0, IsDashed = true },
            Subject.Of(Models.CifarPlain56, "plain-56") with { Color = 1, IsDashed = true },
            CifarResNets.ResNet20 with { Color = 0 },
            CifarResNets.ResNet56 with { Color = 1 },
            CifarResNets.ResNet110 with { Color = 2, IsExtra = true },
        ],
        Present = outcome => [ResponseSection.Write(outcome), .. Errors.Of(outcome)],
    };
}
