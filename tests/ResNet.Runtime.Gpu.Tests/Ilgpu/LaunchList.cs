using ResNet.Runtime.Gpu.Driver;

namespace ResNet.Runtime.Gpu.Tests;

/// <summary>Records launches as a list, on devices that know no graphs: they are launched again with the arguments that they had.</summary>
/// <param name="backend">The device.</param>
sealed class LaunchList(IlgpuDevice backend) : ILaunchRecorder
{
    /// <summary>Number of launches of each recording.</summary>
    public List<int> Lengths { get; } = [];

    /// <summary>The number of launches of recordings.</summary>
    public int Launched { get; private set; }

    /// <summary>Recordings that were not disposed of.</summary>
    public int Alive { get; private set; }

    /// <summary>Whether recording fails, in its middle.</summary>
    public bool FailsToRecord { get; set; }

    /// <summary>Whether launching fails.</summary>
    public bool FailsToLaunch { get; set; }

    public ILaunchRecording Record(Action launch)
    {
        var launches = new List<Action>();
        backend.Diversion = launches.Add;
        try
        {
            launch();
        }
        finally
        {
            backend.Diversion = null;
        }
        if (FailsToRecord) throw new GpuException("it cannot be recorded");
        Lengths.Add(launches.Count);
        Alive++;
        return new Recording(this, launches);
    }

    sealed class Recording(LaunchList owner, List<Action> launches) : ILaunchRecording
    {
        bool _disposed;

        public void Launch()
        {
            Assert.False(_disposed);
            if (owner.FailsToLaunch) throw new GpuException("it cannot be launched");
            owner.Launched++;
            foreach (var launch in launches) launch();
        }

        public void Dispose()
        {
            Assert.False(_disposed);
            _disposed = true;
            owner.Alive--;
        }
    }
}
