namespace ResNet.Runtime.Training;

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

/// <summary>Gradient descent on the host.</summary>
sealed class HostOptimizer(Parameters parameters, IGradientSource source, Sgd sgd) : IOptimizer
{
    public float[] Velocity
    {
        get => sgd.Velocity;
        set => value.CopyTo(sgd.Velocity, 0);
    }

    public double Norm() => sgd.Norm(source.Gradients);

    public void Step(double rate, double scale) => sgd.Step(parameters.EditTrained(), source.Gradients, rate, scale);

    public void Dispose()
    {
    }
}
