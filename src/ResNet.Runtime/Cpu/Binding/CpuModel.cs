using ResNet.Runtime.Cpu.Threads;
using ResNet.Runtime.Devices;

namespace ResNet.Runtime.Cpu.Binding;

/// <summary>A forward pass with its packed weights.</summary>
sealed class CpuModel(CpuProgram program, CpuWorkers workers) : DeviceModel
{
    public CpuProgram Program => program;

    public CpuWorkers Workers => workers;

    protected override DeviceSession NewSession() => new CpuSession(this);

    protected override void Free() => program.Dispose();
}
