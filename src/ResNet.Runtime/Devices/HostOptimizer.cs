using System.Numerics;
using ResNet.Runtime.Optimizers;

namespace ResNet.Runtime.Devices;

/// <summary>Runs any optimizer on the host. Where a device holds parameters and gradients, they are fetched, and the parameters sent.</summary>
sealed class HostOptimizer : IBoundOptimizer
{
    readonly Parameters _parameters;
    readonly GradientReader _gradients;
    readonly Optimizer _optimizer;
    readonly ParameterGroup[] _groups;
    readonly (ParameterTensor Tensor, ParameterGroup Group)[] _tensors;

    public HostOptimizer(Parameters parameters, GradientReader gradients, Optimizer optimizer, ParameterGroup[] groups)
    {
        (_parameters, _gradients, _optimizer, _groups) = (parameters, gradients, optimizer, groups);
        State = [.. optimizer.State.Select(_ => new float[parameters.ReadTrained().Length])];
        _tensors = ParameterGroup.Tensors(parameters, groups);
    }

    public float[][] State { get; set; }

    public double Norm() => GradientNorm.Of(_gradients(), _groups);

    public void Step(long number, double rate, double scale)
    {
        var gradients = _gradients();
        if (scale != 1) Multiply(gradients, (float)scale);
        lock (_parameters.Gate)
        {
            var weights = _parameters.EditTrained();
            foreach (var (tensor, group) in _tensors)
                _optimizer.Update(new(tensor, weights, gradients, State)
                {
                    Rate = rate * group.RateFactor,
                    WeightDecay = group.WeightDecay,
                    Step = number,
                });
        }
    }

    public void Dispose()
    {
    }

    static void Multiply(Span<float> values, float factor)
    {
        var i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count) (new Vector<float>(values[i..]) * factor).CopyTo(values[i..]);
        for (; i < values.Length; i++) values[i] *= factor;
    }
}

/// <summary>Gives the gradients of the last step, laid out as <see cref="Parameters.ReadTrained"/>, which may be written to.</summary>
delegate Span<float> GradientReader();
