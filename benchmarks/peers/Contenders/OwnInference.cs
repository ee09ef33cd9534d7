using ResNet.Runtime;

namespace ResNet.Peers.Contenders;

/// <summary>Forward passes of this library.</summary>
sealed class OwnInference(Network network, Workload workload) : IContender
{
    readonly Session _session = network.CreateSession();

    public string Program => Programs.Own;

    public string Variant => "";

    public float[] Result { get; } = new float[workload.Batch * workload.Classes];

    public void Run() => _session.Predict(workload.Images, workload.Batch, Result);

    public void Dispose() => _session.Dispose();
}
