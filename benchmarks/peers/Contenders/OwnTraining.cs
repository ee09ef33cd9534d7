using ResNet.Runtime;
using ResNet.Tool.Benchmarking;

namespace ResNet.Peers.Contenders;

/// <summary>Training steps of this library, as <c>resnet bench --train</c> measures them.</summary>
sealed class OwnTraining(Network network, Workload workload) : IContender
{
    readonly TrainingSteps _steps = new(network, new(workload.Images, workload.Labels));

    public string Program => Programs.Own;

    public string Variant => "";

    public float[] Result => [(float)_steps.Loss];

    public void Run() => _steps.Run();

    public void Dispose() => _steps.Dispose();
}
