using ResNet.Dsl;
using ResNet.Reference;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Tests.Networks;

/// <summary>
/// A training step on a device that keeps what its ReLUs let through and what its max poolings chose from, and has the
/// reference decide alike. Taps in the forward part of the recorded program show the values.
/// </summary>
sealed class RecordedTraining : IDisposable
{
    readonly DeviceTrainingSession _session;
    readonly AttachedLosses _losses;
    readonly StepTargets _targets;
    readonly List<BoundValue> _taps = [];
    readonly List<bool> _isRectified = [];
    readonly Queue<float[]> _rectified = [];
    readonly Queue<float[]> _pooled = [];

    /// <summary>The greatest input of a ReLU on which the reference was overruled, as a part of the greatest of all its inputs.</summary>
    double _undecided;

    /// <param name="network">The network.</param>
    /// <param name="seed">Seed of dropout.</param>
    public RecordedTraining(Network network, ulong seed)
    {
        _losses = new(network.Definition, new Dictionary<string, Loss> { [network.Definition.Outputs[^1].Name] = new SoftmaxCrossEntropy() });
        _targets = new(_losses);
        _session = network.Device.CreateTrainingSession(WithTaps(network.TrainingProgram), network.Parameters, _losses, seed);
    }

    public Span<float> Gradients => _session.Gradients;

    public StepResult Run(float[] images, int[] labels, long step)
    {
        var seen = _taps.ConvertAll(value => new Tensor(checked((int)(labels.Length * value.Shape.Elements))));
        var results = new LossResult[_losses.Outputs];
        _session.Run(_targets.Of(images, labels, step), results, key => seen[key]);
        for (var i = 0; i < seen.Count; i++) (_isRectified[i] ? _rectified : _pooled).Enqueue(seen[i].Data.ToArray());
        return _losses.Summarize(results);
    }

    /// <summary>For the reference, which meets the layers in the order of the compiled forward pass.</summary>
    public Values Decide(LayerInstance layer, Values input)
    {
        var seen = (layer.Layer is Relu ? _rectified : _pooled).Dequeue();
        Assert.Equal(input.Data.Length, seen.Length);
        if (layer.Layer is Relu)
        {
            var largest = input.Data.Max(Math.Abs);
            for (var i = 0; i < seen.Length; i++)
                if (seen[i] > 0 != input[i] > 0) _undecided = Math.Max(_undecided, Math.Abs(input[i]) / largest);
        }
        return new(input.Batch, input.Shape, Array.ConvertAll(seen, value => (double)value));
    }

    /// <summary>Every decision was asked for, and the reference was overruled within rounding of zero only.</summary>
    public void AssertDecisionsDifferByRounding(double tolerance)
    {
        Assert.Empty(_rectified);
        Assert.Empty(_pooled);
        Assert.InRange(_undecided, 0, tolerance);
    }

    public void Dispose() => _session.Dispose();

    /// <summary>The program with a tap after each ReLU of the forward pass and before each max pooling.</summary>
    BoundProgram WithTaps(BoundProgram program)
    {
        var operations = new List<BoundOperation>();
        // Backward only computes forward values a second time.
        var forward = program.Operations.TakeWhile(operation => operation is not EvaluateLoss).ToList();
        foreach (var operation in forward)
        {
            if (operation is Transform { Row.Layer: MaxPool } pool) operations.Add(Tap(pool.Input, isRectified: false));
            operations.Add(operation);
            var (output, then) = operation switch
            {
                Normalize normalize => (normalize.Output, normalize.Then),
                ApplyEpilogue apply => (apply.Output, apply.Then),
                _ => (null, null),
            };
            // A value that is rectified before an addition would not be seen; training programs keep it apart.
            Assert.False(then is { InnerRelu: true });
            if (then is { OuterRelu: true }) operations.Add(Tap(output!, isRectified: true));
        }
        return program with { Operations = [.. operations, .. program.Operations.Skip(forward.Count)] };
    }

    OfferTap Tap(BoundValue value, bool isRectified)
    {
        _taps.Add(value);
        _isRectified.Add(isRectified);
        return new(_taps.Count - 1, "tap", value);
    }
}
