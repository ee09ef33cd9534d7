using ResNet.Runtime.Cpu.Binding;

namespace ResNet.Runtime.Optimizers;

/// <summary>
/// Updates parameters by the gradients of the last step, where both lie: on the host, or in a device's memory. Both follow
/// PyTorch's form of stochastic gradient descent, see <see cref="Sgd"/>.
/// </summary>
interface IOptimizer : IDisposable
{
    /// <summary>What momentum has gathered, laid out as <see cref="Parameters.Trained"/>; a copy, or to be written back.</summary>
    float[] Velocity { get; set; }

    /// <summary>Length of the gradient of all that is not frozen; finite exactly if all of it is.</summary>
    double Norm();

    /// <summary>Updates the weights.</summary>
    /// <param name="rate">The learning rate.</param>
    /// <param name="scale">What the gradients are multiplied by: below 1 where they are clipped.</param>
    void Step(double rate, double scale);
}
