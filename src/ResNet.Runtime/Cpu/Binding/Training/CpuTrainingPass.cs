using ResNet.Runtime.Execution;
using Then = ResNet.Runtime.Execution.Epilogue;

namespace ResNet.Runtime.Cpu.Binding.Training;

/// <summary>
/// Executes a training program in lock step with its generated code: a program makes the same calls each time, so the n-th
/// call is the n-th bound operation.
/// </summary>
sealed class CpuTrainingPass(CpuTrainingSession session) : TrainingPass
{
    int _next;

    public void Begin() => _next = 0;

    public override void Input(int to) => Execute();

    public override void Conv(int layer, int from, int to) => Execute();

    public override void Norm(int layer, int from, int to, Then then = default) => Execute();

    public override void Apply(int from, int to, Then then) => Execute();

    public override void Dense(int layer, int from, int to) => Execute();

    public override void Transform(int layer, int from, int to) => Execute();

    public override void Multiply(int left, int right, int to, bool accumulate = false) => Execute();

    public override void Loss(int output, int from, int to) => Execute();

    public override void ConvBackward(int layer, int input, int gradient, int? to, bool accumulate = false) => Execute();

    public override void NormBackward(int layer, int input, int? rectified, int gradient, int? to, bool accumulate = false) => Execute();

    public override void ReluBackward(int rectified, int gradient) => Execute();

    public override void DenseBackward(int layer, int input, int gradient, int? to, bool accumulate = false) => Execute();

    public override void TransformBackward(int layer, int input, int gradient, int to, bool accumulate = false) => Execute();

    public override void Pass(int from, int to, bool accumulate = false) => Execute();

    void Execute() => session.Execute(_next++);
}
