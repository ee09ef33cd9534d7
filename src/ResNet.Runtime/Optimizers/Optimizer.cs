using System.Text;
using System.Text.Json.Serialization;

namespace ResNet.Runtime.Optimizers;

/// <summary>
/// The update of parameters by their gradients: a description without state, so that several trainers may share it. It names the
/// vectors that it needs from step to step, with one value per parameter; training keeps them, and checkpoints save and restore them under
/// their names. It runs on the host; a device may have an implementation of its own of one that it knows.
/// </summary>
[JsonDerivedType(typeof(Sgd), "sgd")]
[JsonDerivedType(typeof(AdamW), "adamw")]
[JsonDerivedType(typeof(Lamb), "lamb")]
[JsonDerivedType(typeof(Lars), "lars")]
[JsonDerivedType(typeof(NamedOptimizer), "named")]
public abstract record Optimizer
{
    /// <summary>
    /// Names everything that determines its updates. A checkpoint keeps it, and a run resumes only with an optimizer of the same
    /// identity. It is the record's text, which names each property; one with a property whose text does not tell its value, such
    /// as a list, overrides this.
    /// </summary>
    [JsonIgnore]
    public virtual string Identity => ToString();

    /// <summary>
    /// Names of the vectors that it remembers, all zero at the start of a run; other than <c>average</c> and
    /// <c>average_statistics</c>, which checkpoints use themselves.
    /// </summary>
    [JsonIgnore]
    public abstract IReadOnlyList<string> State { get; }

    /// <summary>Checks the description before it is used.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message names it.</exception>
    public virtual void Check()
    {
    }

    /// <summary>Updates the weights of one tensor and its state. Called for each tensor in every step.</summary>
    /// <param name="update">The tensor, its gradient and state.</param>
    public abstract void Update(in ParameterUpdate update);

    /// <summary>Adds nothing to the record's text, which would otherwise hold <see cref="Identity"/>, that is, itself.</summary>
    /// <param name="builder">Receives the text.</param>
    protected virtual bool PrintMembers(StringBuilder builder) => false;

    /// <summary>Itself or, of one that is not the library's, its name: what a checkpoint keeps.</summary>
    internal Optimizer Kept => this is Sgd or AdamW or Lamb or Lars or NamedOptimizer ? this : new NamedOptimizer(Identity);
}

/// <summary>The name of an optimizer that is not the library's, as a checkpoint stores it.</summary>
/// <param name="Name">Its <see cref="Optimizer.Identity"/>.</param>
sealed record NamedOptimizer(string Name) : Optimizer
{
    [JsonIgnore]
    public override IReadOnlyList<string> State => throw Unknown();

    public override void Update(in ParameterUpdate update) => throw Unknown();

    InvalidOperationException Unknown() => new($"The options come from a checkpoint and only name the optimizer, {Name}: set {nameof(Optimizer)} to it");
}
