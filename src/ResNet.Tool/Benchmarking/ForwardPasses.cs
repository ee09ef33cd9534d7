using System.Diagnostics;
using ResNet.Runtime;
using ResNet.Runtime.Programs;

namespace ResNet.Tool.Benchmarking;

/// <summary>A computation that is measured repeatedly.</summary>
interface IMeasured : IDisposable
{
    /// <summary>Does it once.</summary>
    /// <returns>Its duration in milliseconds.</returns>
    double Run();

    /// <summary>Does it once and takes the times of its operations. Follows all calls of <see cref="Run"/>.</summary>
    IReadOnlyList<OperationTime> Profile();
}

/// <summary>Forward passes over one batch.</summary>
sealed class ForwardPasses(Network network, float[] images, int batch) : IMeasured
{
    readonly Session _session = network.CreateSession();
    readonly float[] _logits = new float[checked(batch * (int)network.Definition.Output.Elements)];

    public double Run()
    {
        var start = Stopwatch.GetTimestamp();
        _session.Predict(images, batch, _logits);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    public IReadOnlyList<OperationTime> Profile() => _session.Profile(images, batch, _logits);

    public void Dispose() => _session.Dispose();
}
