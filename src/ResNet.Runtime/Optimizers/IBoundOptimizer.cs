namespace ResNet.Runtime.Optimizers;

/// <summary>
/// An <see cref="Optimizer"/> at work: updates the parameters of a network by the gradients of the last step, where both lie, on
/// the host or in a device's memory.
/// </summary>
interface IBoundOptimizer : IDisposable
{
    /// <summary>
    /// The vectors of <see cref="Optimizer.State"/>, each laid out as <see cref="Parameters.ReadTrained"/>; copies, or to be written back.
    /// </summary>
    float[][] State { get; set; }

    /// <summary>Length of the gradient of all that is not frozen; finite exactly if all of it is.</summary>
    double Norm();

    /// <summary>Updates the weights.</summary>
    /// <param name="number">Number of the step, from 1 on.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="scale">The factor of the gradients: below 1 where they are clipped.</param>
    void Step(long number, double rate, double scale);
}
