using ResNet.Runtime.Communication;
using ResNet.Runtime.Optimizers;

namespace ResNet.Runtime.Devices;

/// <summary>The interface of a device for training: losses and gradients of the network's present parameters.</summary>
interface IGradientSource : IDisposable
{
    /// <summary>The gradients of the last step, laid out as <see cref="Parameters.ReadTrained"/>; brought to the host when asked for.</summary>
    Span<float> Gradients { get; }

    /// <summary>Number of the next step, from which follows what dropout drops.</summary>
    long Step { get; set; }

    /// <summary>
    /// Number of images of all ranks' batches together, by which the next steps' losses are divided: losses and gradients are then this rank's share of a sum over ranks. Null
    /// for the images of the batch.
    /// </summary>
    int? ImagesOfRanks { get; set; }

    /// <summary>Has each parameter told whose gradient is final while those of others are still computed. A source that cannot tell says nothing.</summary>
    /// <param name="told">Receives the parameter.</param>
    void TellGradients(Action<ParameterTensor> told)
    {
    }

    /// <summary>Takes the statistics of batch normalization over the batches of all ranks.</summary>
    /// <param name="thread">Sums over ranks.</param>
    /// <exception cref="NotSupportedException">The device cannot.</exception>
    void SynchronizeNormalization(CommunicationThread thread) => throw new NotSupportedException("Batch normalization cannot be synchronized between ranks here");

    /// <summary>Fails where batches of that many images cannot be trained on.</summary>
    /// <param name="images">Number of images of a batch.</param>
    /// <exception cref="InvalidOperationException">A batch normalization would see a single value per channel.</exception>
    void CheckBatch(int images)
    {
    }

    /// <summary>Begins to bring a batch to where it is computed.</summary>
    /// <param name="batch">The batch, which is read before the call returns.</param>
    /// <returns>A view of the batch that stays valid until the second following call; pass it to <see cref="Run"/> unchanged.</returns>
    TrainingBatch Prepare(TrainingBatch batch) => batch;

    /// <summary>Runs forward with batch statistics, moves the running ones, and runs backward.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="meanwhile">Is called while the device computes by itself, if it does so; otherwise not at all.</param>
    StepResult Run(TrainingBatch batch, Action meanwhile);

    /// <summary>Puts the running statistics back to what they were before the last step.</summary>
    void UndoStatistics();

    /// <summary>Takes <see cref="Gradients"/>, which were changed on the host, to where a device keeps them.</summary>
    void SendGradients()
    {
    }

    /// <summary>Puts an optimizer to work.</summary>
    /// <param name="parameters">The parameters that it updates.</param>
    /// <param name="groups">Which of them, and how.</param>
    /// <param name="optimizer">The optimizer, checked.</param>
    IBoundOptimizer CreateOptimizer(Parameters parameters, ParameterGroup[] groups, Optimizer optimizer) =>
        new HostOptimizer(parameters, () => Gradients, optimizer, groups);

    /// <summary>Creates what averages the weights.</summary>
    /// <param name="parameters">The parameters, of whose present values the average begins.</param>
    /// <param name="decay">Its decay.</param>
    WeightAverage CreateAverage(Parameters parameters, double decay) => new HostAverage(parameters, decay);
}
