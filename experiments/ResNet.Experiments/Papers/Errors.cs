using ResNet.Experiments.Pages;
using ResNet.Reports;

namespace ResNet.Experiments.Papers;

/// <summary>The errors of networks that were trained for what is measured inside of them.</summary>
static class Errors
{
    /// <summary>The section; none where weights came from files.</summary>
    public static IEnumerable<ReportSection> Of(Outcome outcome) =>
        outcome.Schedule is null ? [] : [ErrorSection.Write(outcome, ["The networks that were measured:"], "CIFAR-10, 64,000 steps, %")];
}
