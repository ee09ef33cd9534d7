using ResNet.Runtime.Communication;
using ResNet.Runtime.Optimizers;
using ResNet.Runtime.Programs;
using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Devices;

/// <summary>The values and gradients of one training step at a time.</summary>
abstract class DeviceTrainingSession : IDisposable
{
    /// <summary>The gradients of the last step, laid out as <see cref="Parameters.ReadTrained"/>.</summary>
    public abstract Span<float> Gradients { get; }

    /// <summary>Receives every operation that ends; null for none.</summary>
    public OperationClock? Clock { get; set; }

    /// <summary>To be told of each parameter whose gradient is final while those of others are still computed, by devices that run operation by operation; null for none.</summary>
    public Action<ParameterTensor>? OnGradient { get; set; }

    /// <summary>Takes the statistics of batch normalization over the batches of all ranks.</summary>
    /// <param name="thread">Sums over ranks.</param>
    /// <exception cref="NotSupportedException">The device cannot.</exception>
    public virtual void SynchronizeNormalization(CommunicationThread thread) =>
        throw new NotSupportedException("Only the processor synchronizes batch normalization between ranks; on other devices each rank has its own statistics");

    /// <summary>Begins to bring a batch to where it is computed.</summary>
    /// <returns>A view of the batch that stays valid until the second following call; pass it to <see cref="Run"/> unchanged.</returns>
    public virtual TrainingBatch Prepare(in TrainingBatch batch) => batch;

    /// <summary>Whether images may lie in that memory: the device's own.</summary>
    public virtual bool Takes(ResidentValues values) => false;

    /// <summary>Computes losses and gradients of a batch, and moves the running statistics.</summary>
    /// <param name="input">The batch and, unless <paramref name="ask"/> gives them, its targets.</param>
    /// <param name="results">Receives the losses by the number of their output; of an output without one, nothing.</param>
    /// <param name="taps">Receives the values of taps; null if none is asked for.</param>
    /// <param name="meanwhile">Is called while the device computes by itself, if it does so; otherwise not at all.</param>
    /// <param name="ask">Is asked for the targets after the forward pass, when all taps before the losses have been given; null if the input has them.</param>
    public abstract void Run(in StepInput input, Span<LossResult> results, TapReceiver? taps = null, Action? meanwhile = null, TargetSource? ask = null);

    /// <summary>Puts the running statistics back to what they were before the last step.</summary>
    public abstract void UndoStatistics();

    /// <summary>Takes <see cref="Gradients"/>, which were changed on the host, to where the device keeps them.</summary>
    public virtual void SendGradients()
    {
    }

    /// <summary>Creates what updates the parameters in the device's memory; null if it has nothing of its own for that optimizer.</summary>
    public virtual IBoundOptimizer? CreateOptimizer(ParameterGroup[] groups, Optimizer optimizer) => null;

    /// <summary>Creates what averages the parameters in the device's memory; null where they lie on the host.</summary>
    public virtual WeightAverage? CreateAverage(double decay) => null;

    public abstract void Dispose();
}

/// <summary>Gives the targets of a step that follow from what the forward pass has computed: a <see cref="StepInput"/> without images.</summary>
delegate StepInput TargetSource();
