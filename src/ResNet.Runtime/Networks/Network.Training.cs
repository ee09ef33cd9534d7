namespace ResNet.Runtime;

public abstract partial class Network
{
    /// <summary>
    /// Creates what computes training steps: forward, loss, backward. It reads the network's parameters anew with each step.
    /// </summary>
    /// <param name="seed">Seed of dropout; the same seed drops the same values everywhere.</param>
    /// <exception cref="InvalidOperationException">The network yields feature maps, of which there is no loss.</exception>
    public TrainingSession CreateTrainingSession(ulong seed = 0)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new(this, Device.CreateTrainingSession(TrainingProgram, Parameters, seed));
    }
}
