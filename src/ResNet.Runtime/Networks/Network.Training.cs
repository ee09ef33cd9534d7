using ResNet.Planning;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime;

public abstract partial class Network
{
    /// <summary>
    /// Creates a session that computes training steps of a classifier: forward, softmax cross-entropy at the primary output, backward. It
    /// reads the network's parameters anew with each step.
    /// </summary>
    /// <param name="seed">Seed of dropout; the same seed drops the same values everywhere.</param>
    /// <exception cref="InvalidOperationException">The primary output is feature maps, for which a loss has to be chosen.</exception>
    public TrainingSession CreateTrainingSession(ulong seed = 0) => CreateTrainingSession(new TrainingSessionOptions { Seed = seed });

    /// <summary>
    /// Creates a session that computes training steps: forward, a loss at each output that has one, backward. It reads the network's
    /// parameters anew with each step.
    /// </summary>
    /// <param name="options">The losses, and how to train.</param>
    /// <exception cref="ArgumentException">
    /// The network has no output, layer or scope of a name, or an output whose gradient is wanted has none, as no parameter influences it.
    /// </exception>
    /// <exception cref="InvalidOperationException">No loss is chosen, and the primary output is feature maps.</exception>
    /// <exception cref="NotSupportedException">The device has no kernel for a loss.</exception>
    public TrainingSession CreateTrainingSession(TrainingSessionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ObjectDisposedException.ThrowIf(_disposed, this);
        var losses = new AttachedLosses(Definition, options.Losses.Count > 0 ? options.Losses.AsReadOnly() : Classification());
        var program = options.FreezeStatisticsThrough is { } last ? FrozenThrough(last) : TrainingProgram;
        var outputs = program.Outputs;
        var gradients = new OutputTensors(outputs, options.GradientsOf.Select(name => OutputTensors.Find(outputs, name)), options.Staying);
        program = OfferedOutputs.InsertGradients(program, gradients.Numbers);
        if (options.FreezeThrough is { } frozen) program = FrozenBackward.Remove(program, program.Network.LastWithin(frozen).Index);
        if (options.TargetsFollowOutputs) program = OfferedOutputs.InsertValues(program);
        var values = new OutputTensors(outputs, options.TargetsFollowOutputs ? Enumerable.Range(0, outputs.Count) : [], options.Staying);
        return new(program.Network, losses, Device.CreateTrainingSession(program, Parameters, losses, options.Seed), values, gradients);
    }

    /// <summary>Counts the values that the activations and gradients of one image need room for while training.</summary>
    internal long CountTrainingElements() => Planner.PlanTraining(Definition, Recomputes).ArenaElements;

    Dictionary<string, Loss> Classification() => OutputShape.IsVector
        ? new() { [Definition.Outputs[^1].Name] = new SoftmaxCrossEntropy() }
        : throw new InvalidOperationException(
            $"The network yields feature maps, {OutputShape}; softmax cross-entropy of whole images needs a vector of logits. Choose a loss by {nameof(TrainingSessionOptions)}.{nameof(TrainingSessionOptions.Losses)}");

    /// <summary>The training step over layers of which some normalize by the running statistics.</summary>
    BoundProgram FrozenThrough(string last)
    {
        var frozen = Definition.WithFrozenNormalization(last);
        return TrainingRecorder.Record(frozen, frozen.Layers(), Execute);
    }
}
