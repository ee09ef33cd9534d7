using ResNet.Dsl;
using ResNet.Planning.Programs;
using ResNet.Runtime.Execution;
using ResNet.Reference;
using Epilogue = ResNet.Runtime.Execution.Epilogue;

namespace ResNet.Runtime.Tests.Networks;

/// <summary>
/// A training step on a device that keeps what its ReLUs let through and what its max poolings chose from, and has the
/// reference decide alike.
/// </summary>
abstract class RecordedTraining : IDisposable
{
    readonly Queue<float[]> _rectified = [];
    readonly Queue<float[]> _pooled = [];

    /// <summary>The greatest input of a ReLU on which the reference was overruled, as a part of the greatest of all its inputs.</summary>
    double _undecided;

    protected RecordedTraining(Network network) => Network = new Listening(network, this);

    public Span<float> Gradients => Session.Gradients;

    /// <summary>The network, with a listener between its program and who executes it.</summary>
    protected Network Network { get; }

    /// <summary>What runs the steps of <see cref="Network"/>.</summary>
    protected abstract DeviceTrainingSession Session { get; }

    public StepResult Run(float[] images, int[] labels, long step) => Session.Run(new() { Images = images, Labels = labels, Step = step });

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

    public virtual void Dispose()
    {
        Session.Dispose();
        Network.Dispose();
    }

    /// <summary>While the program is bound, notes a slot to look at; once it runs, looks at it (batch × channels × height × width).</summary>
    protected abstract void Look(TrainingPass run, int slot, Queue<float[]> seen);

    sealed class Listening(Network network, RecordedTraining owner) : Network(network.Device)
    {
        public override NetworkDefinition Definition => network.Definition;

        protected override int ProgramFormat => FormatVersion.Current;

        protected override void Infer(InferencePass run) => network.Execute(run);

        protected override void Train(TrainingPass run) => network.Execute(new Listener(run, owner));
    }

    /// <summary>Passes every operation on, and has the owner look at results.</summary>
    sealed class Listener(TrainingPass run, RecordedTraining owner) : TrainingPass
    {
        bool _isForward = true;

        public override void Input(int to) => run.Input(to);

        public override void Conv(int layer, int from, int to) => run.Conv(layer, from, to);

        public override void Norm(int layer, int from, int to, Epilogue then = default)
        {
            run.Norm(layer, from, to, then);
            LookIfRectified(to, then);
        }

        public override void Apply(int from, int to, Epilogue then)
        {
            run.Apply(from, to, then);
            LookIfRectified(to, then);
        }

        public override void Dense(int layer, int from, int to) => run.Dense(layer, from, to);

        public override void Transform(int layer, int from, int to)
        {
            if (owner.Network.Layers[layer].Layer is MaxPool) Look(from, owner._pooled);
            run.Transform(layer, from, to);
        }

        public override void Multiply(int left, int right, int to, bool accumulate = false) => run.Multiply(left, right, to, accumulate);

        public override void Loss(int output, int from, int to)
        {
            _isForward = false;
            run.Loss(output, from, to);
        }

        public override void ConvBackward(int layer, int input, int gradient, int? to, bool accumulate = false) =>
            run.ConvBackward(layer, input, gradient, to, accumulate);

        public override void NormBackward(int layer, int input, int? rectified, int gradient, int? to, bool accumulate = false) =>
            run.NormBackward(layer, input, rectified, gradient, to, accumulate);

        public override void ReluBackward(int rectified, int gradient) => run.ReluBackward(rectified, gradient);

        public override void DenseBackward(int layer, int input, int gradient, int? to, bool accumulate = false) =>
            run.DenseBackward(layer, input, gradient, to, accumulate);

        public override void TransformBackward(int layer, int input, int gradient, int to, bool accumulate = false) =>
            run.TransformBackward(layer, input, gradient, to, accumulate);

        public override void Pass(int from, int to, bool accumulate = false) => run.Pass(from, to, accumulate);

        void LookIfRectified(int slot, Epilogue then)
        {
            // What is rectified before an addition would not be seen; training programs keep it apart.
            Assert.False(then.InnerRelu);
            if (then.OuterRelu) Look(slot, owner._rectified);
        }

        void Look(int slot, Queue<float[]> seen)
        {
            // Backward only computes forward values a second time.
            if (_isForward) owner.Look(run, slot, seen);
        }
    }
}
