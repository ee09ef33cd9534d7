using System.Globalization;
using ResNet.Runtime.Training;

namespace ResNet.Runtime.Runs;

/// <summary>Learning-rate schedules by name.</summary>
public static class Schedules
{
    const NumberStyles Number = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    internal const string Steps = "steps", Fifths = "fifths", Plateau = "plateau", Cosine = "cosine", OneCycle = "one-cycle", Restarts = "restarts";

    /// <summary>The names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["constant", Steps, Fifths, Plateau, Cosine, OneCycle];

    /// <summary>
    /// The schedule of a name; <c>steps:30,60</c> gives the epochs at which the rate falls to a tenth, <c>restarts:10,2</c> the epochs of the first cosine and how many times as long
    /// each further one is (1 if not given).
    /// </summary>
    /// <param name="text">The name.</param>
    /// <param name="rate">The greatest learning rate.</param>
    /// <param name="epochs">Epochs of the run.</param>
    /// <exception cref="ArgumentException">There is no such schedule.</exception>
    public static LearningRateSchedule Parse(string text, double rate, int epochs)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return (colon < 0 ? text : text[..colon], colon < 0 ? null : text[(colon + 1)..]) switch
        {
            ("constant", null) => new ConstantSchedule(rate),
            // 32,000 and 48,000 of 64,000 steps in He et al. 2015, section 4.2.
            (Steps, null) => new StepSchedule(rate, [epochs / 2.0, epochs * 3 / 4.0]),
            (Steps, { } milestones) => new StepSchedule(rate, Numbers(text, "epoch", milestones)),
            // 60, 120 and 160 of 200 epochs in Zagoruyko and Komodakis 2016, section 3.
            (Fifths, null) => new StepSchedule(rate, [epochs * 3 / 10.0, epochs * 6 / 10.0, epochs * 8 / 10.0], Factor: 0.2),
            (Plateau, null) => new PlateauSchedule(rate),
            (Cosine, null) => new CosineSchedule(rate),
            (OneCycle, null) => new OneCycleSchedule(rate),
            (Restarts, { } periods) => Numbers(text, "period", periods) switch
            {
                [>= WarmRestartSchedule.LeastEpochs and var first] => new WarmRestartSchedule(rate, first),
                [>= WarmRestartSchedule.LeastEpochs and var first, >= 1 and var multiplier] => new WarmRestartSchedule(rate, first, multiplier),
                _ => throw new ArgumentException($"The schedule {text}: expected {Restarts}:EPOCHS or {Restarts}:EPOCHS,MULTIPLIER, at least {WarmRestartSchedule.LeastEpochs} epochs and a multiplier of at least 1"),
            },
            _ => throw new ArgumentException($"There is no schedule {text}; expected {string.Join(", ", Names)}, {Steps}:EPOCH,EPOCH,… or {Restarts}:EPOCHS,MULTIPLIER"),
        };
    }

    static double[] Numbers(string text, string what, string numbers) =>
    [
        .. numbers.Split(',').Select(part =>
            double.TryParse(part, Number, CultureInfo.InvariantCulture, out var epoch) && epoch > 0 && double.IsFinite(epoch)
                ? epoch
                : throw new ArgumentException($"The schedule {text}: expected each {what} as a number above 0, written as 1000, 0.05 or 1e-4, found \"{part}\"")),
    ];
}
