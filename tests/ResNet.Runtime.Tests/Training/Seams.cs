using ResNet.Runtime.Optimizers;
using ResNet.Runtime.Training;

namespace ResNet.Runtime.Tests.Training;

// What docs/training.md shows: an optimizer, a schedule and an observer that are not the library's.

/// <summary>Kingma and Ba 2014, algorithm 1.</summary>
sealed record Adam(double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8) : Optimizer
{
    public override IReadOnlyList<string> State => ["mean", "square"];

    public override void Update(in ParameterUpdate update)
    {
        var mean = update.State(0);
        var square = update.State(1);
        var (meanPart, squarePart) = (1 - Math.Pow(Beta1, update.Step), 1 - Math.Pow(Beta2, update.Step));
        for (var i = 0; i < mean.Length; i++)
        {
            var g = update.Gradient[i] + update.WeightDecay * update.Weights[i];
            mean[i] = (float)(Beta1 * mean[i] + (1 - Beta1) * g);
            square[i] = (float)(Beta2 * square[i] + (1 - Beta2) * g * g);
            update.Weights[i] -= (float)(update.Rate * (mean[i] / meanPart) / (Math.Sqrt(square[i] / squarePart) + Epsilon));
        }
    }
}

/// <summary>Up and down between two rates (Smith 2015).</summary>
sealed record Triangle(double Low, double High, int EpochsUp) : LearningRateSchedule
{
    public override double RateAt(SchedulePosition position) =>
        High - (High - Low) * Math.Abs(position.Epoch / EpochsUp % 2 - 1);
}

/// <summary>Tells the largest gradient of a parameter, and how much of a tap's value is zero.</summary>
sealed class LayerWatch(string weight, string tap, Action<string> tell) : ITrainingObserver
{
    public void BeforeUpdate(StepValues values)
    {
        if (values.Step % 100 != 1) return;
        var (largest, zeros) = (0f, 0);
        foreach (var value in values.Gradient(weight)) largest = Math.Max(largest, Math.Abs(value));
        var output = values.Tap(tap).Data;
        foreach (var value in output) zeros += value == 0 ? 1 : 0;
        tell($"step {values.Step}: largest gradient {largest:g3}, {(double)zeros / output.Length:P0} of {tap} are zero");
    }
}
