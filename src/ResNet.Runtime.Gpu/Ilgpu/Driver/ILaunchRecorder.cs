namespace ResNet.Runtime.Gpu.Driver;

/// <summary>Notes launches, to launch them again as one: what that saves is the time of the host.</summary>
interface ILaunchRecorder
{
    /// <summary>Notes what is launched meanwhile, instead of having it executed: kernels only, of which all have run before.</summary>
    /// <exception cref="GpuException">It cannot be recorded; nothing was executed.</exception>
    ILaunchRecording Record(Action launch);
}

/// <summary>Launches with the arguments that they were noted with.</summary>
interface ILaunchRecording : IDisposable
{
    /// <summary>Launches all of them, in their order.</summary>
    /// <exception cref="GpuException">They cannot be launched; nothing was executed.</exception>
    void Launch();
}
