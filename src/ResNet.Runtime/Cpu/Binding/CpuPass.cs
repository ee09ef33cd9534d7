using ResNet.Runtime.Execution;
using Then = ResNet.Runtime.Execution.Epilogue;

namespace ResNet.Runtime.Cpu.Binding;

/// <summary>
/// Executes a program in lock step with its generated code: a program makes the same calls each time, so the n-th call is
/// the n-th bound operation.
/// </summary>
sealed class CpuPass(CpuExecution session) : InferencePass
{
    int _next;

    public void Begin() => _next = 0;

    public override void Input(int to) => Execute();

    public override void Conv(int layer, int from, int to, Then then = default) => Execute();

    public override void Dense(int layer, int from, int to) => Execute();

    public override void MaxPool(int layer, int from, int to) => Execute();

    public override void AveragePool(int layer, int from, int to) => Execute();

    public override void GlobalAveragePool(int layer, int from, int to) => Execute();

    public override void Apply(int from, int to, Then then) => Execute();

    public override void ZeroPad(int layer, int from, int to) => Execute();

    public override void Tap(int layer, int from) => Execute();

    public override void Sigmoid(int layer, int from, int to) => Execute();

    public override void Flatten(int layer, int from, int to) => Execute();

    public override void Multiply(int left, int right, int to) => Execute();

    public override void Output(int output, int from) => Execute();

    void Execute() => session.Execute(_next++);
}
