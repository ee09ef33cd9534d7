using System.Text;
using System.Text.Json.Serialization;

namespace ResNet.Runtime.Training;

/// <summary>The position of a run: everything on which a learning rate may depend.</summary>
/// <param name="Step">Steps made so far.</param>
/// <param name="StepsPerEpoch">Steps of an epoch.</param>
/// <param name="Epochs">Epochs of the whole run.</param>
/// <param name="Errors">The error (1 - score) at the end of each epoch so far.</param>
public readonly record struct SchedulePosition(long Step, int StepsPerEpoch, int Epochs, IReadOnlyList<double> Errors)
{
    /// <summary>Steps of the whole run.</summary>
    public long TotalSteps => (long)StepsPerEpoch * Epochs;

    /// <summary>Epochs made so far, with their fraction.</summary>
    public double Epoch => (double)Step / StepsPerEpoch;
}

/// <summary>
/// The learning rate over a run, as a function of the position alone: a resumed run has no state of the schedule to restore. One of
/// your own derives from it.
/// </summary>
[JsonDerivedType(typeof(ConstantSchedule), "constant")]
[JsonDerivedType(typeof(StepSchedule), "steps")]
[JsonDerivedType(typeof(PlateauSchedule), "plateau")]
[JsonDerivedType(typeof(CosineSchedule), "cosine")]
[JsonDerivedType(typeof(WarmRestartSchedule), "warm-restarts")]
[JsonDerivedType(typeof(OneCycleSchedule), "one-cycle")]
[JsonDerivedType(typeof(WarmUpSchedule), "warm-up")]
[JsonDerivedType(typeof(NamedSchedule), "named")]
public abstract record LearningRateSchedule
{
    /// <summary>
    /// Names everything that determines its rates. A checkpoint keeps it, and a run resumes only with a schedule of the same identity. It
    /// is the record's text, which names each property; one with a property whose text does not tell its value, such as a list,
    /// overrides this.
    /// </summary>
    [JsonIgnore]
    public virtual string Identity => ToString();

    /// <summary>The learning rate of the step that is made next.</summary>
    /// <param name="position">The position of the run.</param>
    public abstract double RateAt(SchedulePosition position);

    /// <summary>
    /// This schedule, its rate multiplied by a factor that rises linearly to 1 over the first steps (Goyal et al. 2017,
    /// section 2.2; for ResNet-110 see He et al. 2015, section 4.2).
    /// </summary>
    /// <param name="steps">Steps until the full rate is reached.</param>
    /// <param name="from">The factor of the first step.</param>
    public LearningRateSchedule WithWarmUp(int steps, double from = 0.1) => new WarmUpSchedule(this, steps, from);

    /// <summary>Adds nothing to the record's text, which would otherwise hold <see cref="Identity"/>, that is, itself.</summary>
    /// <param name="builder">Receives the text.</param>
    protected virtual bool PrintMembers(StringBuilder builder) => false;

    /// <summary>Itself or, of one that is not the library's, its name: what a checkpoint keeps.</summary>
    internal LearningRateSchedule Kept => this switch
    {
        WarmUpSchedule warmUp => warmUp with { Then = warmUp.Then.Kept },
        ConstantSchedule or StepSchedule or PlateauSchedule or CosineSchedule or WarmRestartSchedule or OneCycleSchedule or NamedSchedule => this,
        _ => new NamedSchedule(Identity),
    };
}
