using ResNet.Runtime.Training;
using ResNet.Tool.Output;

namespace ResNet.Tool.Training;

/// <summary>Learning-rate schedules as the command line names them.</summary>
static class Schedules
{
    public const string Steps = "steps";

    public static IReadOnlyList<string> Names { get; } = ["constant", Steps, "plateau", "cosine", "one-cycle"];

    /// <summary>The schedule of a name; <c>steps:30,60</c> gives the epochs at which the rate falls to a tenth.</summary>
    /// <exception cref="ToolException">There is no such schedule.</exception>
    public static LearningRateSchedule Parse(string text, double rate, int epochs)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return (colon < 0 ? text : text[..colon], colon < 0 ? null : text[(colon + 1)..]) switch
        {
            ("constant", null) => new ConstantSchedule(rate),
            // 32,000 and 48,000 of 64,000 steps in He et al. 2015, section 4.2.
            (Steps, null) => new StepSchedule(rate, [epochs / 2.0, epochs * 3 / 4.0]),
            (Steps, { } milestones) => new StepSchedule(rate, Milestones(text, milestones)),
            ("plateau", null) => new PlateauSchedule(rate),
            ("cosine", null) => new CosineSchedule(rate),
            ("one-cycle", null) => new OneCycleSchedule(rate),
            _ => throw new ToolException($"There is no schedule {text}; expected {string.Join(", ", Names)} or {Steps}:EPOCH,EPOCH,…"),
        };
    }

    static double[] Milestones(string text, string milestones) =>
    [
        .. milestones.Split(',').Select(part =>
            StrictNumber.TryParse<double>(part, out var epoch) && epoch > 0
                ? epoch
                : throw new ToolException($"--schedule {text}: expected each epoch as {StrictNumber.Expected<double>("above 0")}, found \"{part}\"")),
    ];
}
