using ResNet.Runtime.Cpu.Losses;
using ResNet.Runtime.Devices;

namespace ResNet.Runtime.Cpu.Binding;

/// <summary>The values that vary from training step to training step, and the results of a step beside the values.</summary>
/// <param name="gradientLength">Number of trained parameters.</param>
/// <param name="losses">The losses at the outputs.</param>
sealed unsafe class CpuTrainingState(int gradientLength, AttachedLosses losses)
{
    readonly float[] _gradients = new float[gradientLength];
    // For each output, the sum over each row of each image: for any division of the rows among threads, they are added in this order.
    readonly (double Loss, int Correct)[][] _rows = [.. Enumerable.Repeat(Array.Empty<(double, int)>(), losses.Outputs)];
    readonly double[] _divisors = new double[losses.Outputs];
    int* _labels;
    float* _values, _weights;
    int _batch;

    /// <summary>Gradients of the parameters, laid out as <see cref="Parameters.ReadTrained"/>.</summary>
    public Span<float> Gradients => _gradients;

    /// <summary>Number of the step.</summary>
    public long Step { get; private set; }

    /// <summary>The gradient of a parameter.</summary>
    public Span<float> GradientOf(ParameterTensor parameter) => _gradients.AsSpan(parameter.Offset, parameter.Length);

    /// <summary>Begins a step, and makes room for its results.</summary>
    /// <param name="batch">Number of images.</param>
    /// <param name="step">Number of the step.</param>
    public void Begin(int batch, long step)
    {
        (_batch, Step) = (batch, step);
        foreach (var loss in losses.All)
            if (_rows[loss.Output].Length < Rows(loss)) _rows[loss.Output] = new (double, int)[Rows(loss)];
    }

    /// <summary>Takes the targets of the step.</summary>
    /// <param name="targets">The targets.</param>
    /// <param name="labels">Their labels, held in place until the losses are computed.</param>
    /// <param name="values">Their values, held in place until then.</param>
    /// <param name="weights">Their weights, held in place until then.</param>
    public void SetTargets(in StepInput targets, int* labels, float* values, float* weights)
    {
        _labels = labels;
        _values = values;
        _weights = weights;
        targets.Divisors.CopyTo(_divisors);
    }

    /// <summary>The targets of a loss.</summary>
    public LossTargets TargetsOf(AttachedLoss loss) => new(
        _labels + (nint)_batch * loss.LabelStart,
        _values + (nint)_batch * loss.ValueStart,
        _weights is null ? null : _weights + (nint)_batch * loss.WeightStart,
        loss.Loss.Weight, _divisors[loss.Output]);

    /// <summary>Receives the sums of a loss over each row of each image.</summary>
    public Span<(double Loss, int Correct)> RowsOf(int output) => _rows[output];

    /// <summary>Adds up the losses of a batch.</summary>
    /// <param name="results">Receives the losses by the number of their output.</param>
    public void Summarize(Span<LossResult> results)
    {
        foreach (var loss in losses.All)
        {
            var (sum, correct) = (0.0, 0);
            foreach (var row in _rows[loss.Output].AsSpan(0, Rows(loss)))
            {
                sum += row.Loss;
                correct += row.Correct;
            }
            var divisor = _divisors[loss.Output];
            results[loss.Output] = new(divisor == 0 ? 0 : sum / divisor, correct);
        }
    }

    int Rows(AttachedLoss loss) => _batch * loss.Shape.Height;
}
