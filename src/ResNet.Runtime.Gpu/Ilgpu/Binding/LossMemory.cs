using ILGPU;
using ILGPU.Runtime;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Gpu.Driver;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>The targets and the results of the losses of a training session, in the device's memory.</summary>
/// <param name="device">The device.</param>
/// <param name="losses">The losses.</param>
sealed class LossMemory(IlgpuDevice device, AttachedLosses losses) : IDisposable
{
    readonly DeviceValues<float> _divisors = new(device, losses.Outputs);
    readonly float[] _divisorsOnHost = new float[losses.Outputs];
    GpuBuffer<int>? _labels;
    DeviceValues<float>? _values, _weights;
    GpuBuffer<float>? _results;
    PinnedArray<float>? _resultsOnHost;
    float[] _ones = [];
    int _capacity;
    bool _areWeightsOne;

    /// <summary>The losses.</summary>
    public AttachedLosses Losses => losses;

    /// <summary>The classes of a loss.</summary>
    public ArrayView<int> Labels(AttachedLoss loss, int batch) => _labels!.View.SubView(batch * loss.LabelStart, batch * loss.Labels);

    /// <summary>The target values of a loss.</summary>
    public ArrayView<float> Values(AttachedLoss loss, int batch) => _values!.View.SubView(batch * loss.ValueStart, batch * loss.Values);

    /// <summary>The weights of a loss.</summary>
    public ArrayView<float> Weights(AttachedLoss loss, int batch) => _weights!.View.SubView(batch * loss.WeightStart, batch * loss.Places);

    /// <summary>The divisor of the weighted sum of a loss.</summary>
    public ArrayView<float> Divisor(AttachedLoss loss) => _divisors.View.SubView(loss.Output, 1);

    /// <summary>Receives what a loss yields: of vectors, per image, the loss and whether the guess was right; else parts of the loss.</summary>
    public ArrayView<float> Results(AttachedLoss loss, int batch) => _results!.View.SubView(ResultStart(loss, batch), ResultCount(loss, batch));

    /// <summary>Makes room for a batch.</summary>
    public void Reserve(int batch)
    {
        if (batch <= _capacity) return;
        device.Stream.Synchronize();
        FreeBatch();
        _labels = device.Allocate<int>((long)batch * losses.Labels);
        _values = new(device, checked(batch * losses.Values));
        _weights = new(device, checked(batch * losses.Weights));
        _results = device.Allocate<float>(ResultCount(batch));
        _resultsOnHost = new(device.Accelerator, ResultCount(batch));
        _ones = new float[batch * losses.Weights];
        Array.Fill(_ones, 1);
        _areWeightsOne = false;
        _capacity = batch;
    }

    /// <summary>Sets what the losses of a step compare with, after what the device was told to do before.</summary>
    /// <param name="input">The step.</param>
    /// <param name="labels">Its labels, on the device.</param>
    public void Set(in StepInput input, ArrayView<int> labels)
    {
        // Kernels find the labels in one place, wherever this batch has come to.
        if (!input.Labels.IsEmpty) labels.SubView(0, input.Labels.Length).CopyTo(device.Stream, _labels!.View.SubView(0, input.Labels.Length));
        SetValues(input);
    }

    /// <summary>Sets what the losses of a step compare with, all of which comes from the host.</summary>
    /// <param name="input">The step.</param>
    public void Set(in StepInput input)
    {
        _labels!.Write(input.Labels);
        SetValues(input);
    }

    void SetValues(in StepInput input)
    {
        _values!.Set(input.Values);
        if (!input.Weights.IsEmpty) _weights!.Set(input.Weights);
        else if (!_areWeightsOne) _weights!.Set(_ones);
        _areWeightsOne = input.Weights.IsEmpty;
        // All weights are zero where the divisor is, and so are loss and gradient, whatever they are divided by.
        for (var i = 0; i < _divisorsOnHost.Length; i++) _divisorsOnHost[i] = input.Divisors[i] == 0 ? 1 : (float)input.Divisors[i];
        _divisors.Set(_divisorsOnHost);
    }

    /// <summary>Begins to copy the results to the host.</summary>
    /// <returns>Their destination; it can be read even if room has been made for a larger batch meanwhile.</returns>
    public PinnedArray<float> ReceiveResults(int batch)
    {
        _results!.Receive(_resultsOnHost!, ResultCount(batch));
        return _resultsOnHost!;
    }

    /// <summary>Adds up the results, which have come to the host.</summary>
    /// <param name="received">The results.</param>
    /// <param name="batch">Number of images.</param>
    /// <param name="divisors">By output, what the sum is divided by.</param>
    /// <param name="results">Receives the losses by the number of their output.</param>
    public void Summarize(PinnedArray<float> received, int batch, ReadOnlySpan<double> divisors, Span<LossResult> results)
    {
        foreach (var loss in losses.All)
        {
            var parts = received.Span.Slice(ResultStart(loss, batch), ResultCount(loss, batch));
            var (sum, correct) = (0.0, 0);
            for (var i = 0; i < parts.Length; i++)
            {
                if (loss.Classifies && i % 2 == 1) correct += (int)parts[i];
                else sum += parts[i];
            }
            results[loss.Output] = new(divisors[loss.Output] == 0 ? 0 : sum / divisors[loss.Output], correct);
        }
    }

    public void Dispose()
    {
        FreeBatch();
        _divisors.Dispose();
    }

    void FreeBatch()
    {
        _capacity = 0;
        _labels?.Dispose();
        _values?.Dispose();
        _weights?.Dispose();
        _results?.Dispose();
        _resultsOnHost?.Dispose();
    }

    int ResultStart(AttachedLoss loss, int batch) => losses.All.TakeWhile(other => other != loss).Sum(other => ResultCount(other, batch));

    int ResultCount(int batch) => losses.All.Sum(loss => ResultCount(loss, batch));

    /// <summary>Two of each vector, and one of each thread group of <see cref="IlgpuDevice.PerValue"/> otherwise.</summary>
    int ResultCount(AttachedLoss loss, int batch) => loss.Classifies ? 2 * batch : (batch * loss.Places + device.Threads - 1) / device.Threads;
}
