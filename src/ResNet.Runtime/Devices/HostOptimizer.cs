using ResNet.Runtime.Optimizers;

namespace ResNet.Runtime.Devices;

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
