using ResNet.Runtime.Cpu.Threads;
using ResNet.Runtime.Devices;

namespace ResNet.Runtime.Cpu.Binding;

/// <summary>A network bound to the CPU: its program with the packed weights.</summary>
sealed class CpuModel(Network network, BoundProgram program, CpuWorkers workers) : DeviceModel
{
    public Network Network => network;

    public BoundProgram Program => program;

    public CpuWorkers Workers => workers;

    protected override DeviceSession NewSession() => new CpuSession(this);

    protected override void Free() => program.Dispose();
}
