using ResNet.Experiments.Pages;
using ResNet.Reports;
using ResNet.Zoo;

namespace ResNet.Experiments.Papers;

/// <summary>More than a thousand layers (He et al. 2015, section 4.2).</summary>
static class VeryDeep
{
    public static Experiment Loss { get; } = new()
    {
        Name = "very-deep",
        Title = "A network of 1202 layers trains",
        Source = "He et al. 2015, section 4.2, \"Exploring over 1000 layers\"",
        Claim = "The method has no optimization difficulty with 1202 layers; the training error falls below 0.1 %, and the test error is 7.93 %.",
        Batch = 16,
        Subjects = [Subject.Of(Models.CifarResNet1202, "ResNet-1202") with { PaperError = 7.93, WarmUp = CifarResNets.WarmUp }],
        Present = outcome =>
        [
            new ReportSection("loss", "Training loss")
            {
                Paragraphs = [.. outcome.Trials.Select(Describe), "Activations are computed a second time in the backward pass, so that a unit keeps its input alone."],
                Charts = [ErrorSection.Loss(outcome)],
            },
            ErrorSection.Write(outcome, [], "CIFAR-10, 64,000 steps, %") with { Charts = [] },
        ],
    };

    /// <summary>Compares the beginning of the run with its end, a fifth of the steps each.</summary>
    static string Describe(Trial trial)
    {
        var part = Math.Max(1, trial.Losses.Count / 5);
        var (first, last) = (trial.Losses.Take(part).Average(step => step.Loss), trial.Losses.TakeLast(part).Average(step => step.Loss));
        var verdict = trial.Losses.Count < 50 ? "too few steps to tell" : last < first ? "the loss falls" : "the loss does not fall yet";
        return FormattableString.Invariant($"Seed {trial.Seed}: the mean loss is {first:F3} over the first {part} of {trial.Losses.Count} steps and {last:F3} over the last {part}: {verdict}.");
    }
}
