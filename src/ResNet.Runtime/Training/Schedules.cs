namespace ResNet.Runtime.Training;

/// <summary>The same learning rate throughout.</summary>
/// <param name="Rate">The learning rate.</param>
public sealed record ConstantSchedule(double Rate) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override double RateAt(SchedulePosition position) => Rate;
}

/// <summary>A learning rate that is multiplied by a factor at given epochs.</summary>
/// <param name="Rate">The learning rate at the start.</param>
/// <param name="Milestones">The epochs, fractions allowed: 32,000 steps of 391 are 81.84 epochs.</param>
/// <param name="Factor">The factor of the rate at each.</param>
public sealed record StepSchedule(double Rate, IReadOnlyList<double> Milestones, double Factor = 0.1) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override double RateAt(SchedulePosition position) => Rate * Math.Pow(Factor, Milestones.Count(milestone => position.Epoch >= milestone));
}

/// <summary>
/// A learning rate that is divided when the error plateaus (He et al. 2015, section 3.4); counted as PyTorch's
/// ReduceLROnPlateau does.
/// </summary>
/// <param name="Rate">The learning rate at the start.</param>
/// <param name="Factor">The factor of the rate on a plateau.</param>
/// <param name="Patience">Epochs without improvement that are still borne.</param>
/// <param name="Threshold">The part by which the least error so far must fall to count as improvement.</param>
public sealed record PlateauSchedule(double Rate, double Factor = 0.1, int Patience = 10, double Threshold = 1e-4) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override double RateAt(SchedulePosition position)
    {
        var (rate, best, waited) = (Rate, double.PositiveInfinity, 0);
        foreach (var error in position.Errors)
        {
            if (error < best * (1 - Threshold)) (best, waited) = (error, 0);
            else if (++waited > Patience) (rate, waited) = (rate * Factor, 0);
        }
        return rate;
    }
}

/// <summary>Half a cosine from the rate down to the final one, step by step (Loshchilov and Hutter 2016, without restarts).</summary>
/// <param name="Rate">The learning rate at the start.</param>
/// <param name="Final">The learning rate that the end tends to.</param>
public sealed record CosineSchedule(double Rate, double Final = 0) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override double RateAt(SchedulePosition position) =>
        Annealing.Cosine(Rate, Final, (double)position.Step / position.TotalSteps);
}

/// <summary>
/// Half a cosine from the rate down to the final one, again and again (Loshchilov and Hutter 2016, section 3; PyTorch's CosineAnnealingWarmRestarts, step by step).
/// </summary>
/// <param name="Rate">The learning rate at the start and after each restart.</param>
/// <param name="Epochs">Epochs until the first restart, T₀; fractions allowed, at least 0.001.</param>
/// <param name="Multiplier">The factor by which each period is longer than the one before it, at least 1.</param>
/// <param name="Final">The learning rate that each end tends to.</param>
public sealed record WarmRestartSchedule(double Rate, double Epochs, double Multiplier = 1, double Final = 0) : LearningRateSchedule
{
    // Periods are counted one by one, at every step.
    internal const double LeastEpochs = 0.001;

    /// <inheritdoc/>
    public override double RateAt(SchedulePosition position)
    {
        var (period, since) = (Epochs, position.Epoch);
        if (!(period >= LeastEpochs && Multiplier >= 1)) throw new InvalidOperationException($"{nameof(Epochs)} is {Epochs} and {nameof(Multiplier)} {Multiplier}; expected at least {LeastEpochs}, and at least 1");
        for (; since >= period; period *= Multiplier) since -= period;
        return Annealing.Cosine(Rate, Final, since / period);
    }
}

/// <summary>Up to a peak and far down again, both by half a cosine (Smith and Topin 2017; PyTorch's OneCycleLR).</summary>
/// <param name="Peak">The greatest learning rate.</param>
/// <param name="Rise">The part of the run that rises.</param>
/// <param name="StartDivisor">The first rate is the peak divided by this.</param>
/// <param name="FinalDivisor">The last rate is the first divided by this.</param>
public sealed record OneCycleSchedule(double Peak, double Rise = 0.3, double StartDivisor = 25, double FinalDivisor = 1e4) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override double RateAt(SchedulePosition position)
    {
        var (first, top, last) = (Peak / StartDivisor, Rise * position.TotalSteps - 1, position.TotalSteps - 1);
        return position.Step <= top
            ? Annealing.Cosine(first, Peak, position.Step / top)
            : Annealing.Cosine(Peak, first / FinalDivisor, (position.Step - top) / (last - top));
    }
}

/// <summary>Another schedule after a linear warm-up; see <see cref="LearningRateSchedule.WithWarmUp"/>.</summary>
/// <param name="Then">The schedule whose rate is scaled.</param>
/// <param name="Steps">Steps until the full rate is reached.</param>
/// <param name="From">The factor of the first step.</param>
public sealed record WarmUpSchedule(LearningRateSchedule Then, int Steps, double From) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override double RateAt(SchedulePosition position) =>
        Then.RateAt(position) * (position.Step >= Steps ? 1 : From + (1 - From) * position.Step / Steps);
}

/// <summary>The name of a schedule that is not the library's, as a checkpoint stores it.</summary>
/// <param name="Name">Its <see cref="LearningRateSchedule.Identity"/>.</param>
sealed record NamedSchedule(string Name) : LearningRateSchedule
{
    public override double RateAt(SchedulePosition position) => throw new InvalidOperationException(
        $"The options come from a checkpoint and only name the schedule, {Name}: set {nameof(TrainerOptions)}.{nameof(TrainerOptions.Schedule)} to it");
}

static class Annealing
{
    /// <summary>Half a cosine between two values.</summary>
    /// <param name="from">The value at 0.</param>
    /// <param name="to">The value at 1.</param>
    /// <param name="progress">From 0 to 1; beyond, the nearer end.</param>
    public static double Cosine(double from, double to, double progress) =>
        to + (from - to) * (1 + Math.Cos(Math.PI * Math.Clamp(progress, 0, 1))) / 2;
}
