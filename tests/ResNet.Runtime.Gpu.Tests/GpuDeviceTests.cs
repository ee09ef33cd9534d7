namespace ResNet.Runtime.Gpu.Tests;

/// <summary>Finding and opening devices: what there is, and what is said where there is none.</summary>
public class GpuDeviceTests
{
    [Fact]
    public void DevicesAreNumberedByKind()
    {
        foreach (var kind in GpuDevice.All.GroupBy(device => device.Kind))
        {
            Assert.Equal(Enumerable.Range(0, kind.Count()), kind.Select(device => device.Index));
            Assert.All(kind, device => Assert.NotEqual("", device.Name));
            Assert.All(kind, device => Assert.True(device.Memory > 1 << 20));
        }
    }

    [Theory, InlineData(GpuKind.Cuda), InlineData(GpuKind.OpenCL)]
    public void ADeviceThatIsNotThereIsRefusedWithWhatToDo(GpuKind kind)
    {
        var count = GpuDevice.All.Count(device => device.Kind == kind);
        var message = Assert.Throws<GpuException>(() => kind == GpuKind.Cuda ? GpuDevice.Cuda(count) : GpuDevice.OpenCL(count)).Message;
        Assert.Contains(kind.ToString(), message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(Build.HasIlgpu ? count == 0 ? "driver" : $"There is no {kind} device {count}" : "ILGPU", message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => GpuDevice.Cuda(-1));
    }

    [Fact]
    public void TheBestIsAGraphicsProcessor()
    {
        if (GpuDevice.All.All(device => device.IsProcessor))
        {
            Assert.Contains(Build.HasIlgpu ? "driver" : "ILGPU", Assert.Throws<GpuException>(() => GpuDevice.Best()).Message, StringComparison.Ordinal);
            return;
        }
        using var best = GpuDevice.Best();
        Assert.Contains(best.Info, GpuDevice.All);
        Assert.False(best.Info.IsProcessor);
        Assert.Contains(best.Info.Name, best.Name, StringComparison.Ordinal);
    }

    [Theory, OnDevice("OpenCL"), OnDevice("CUDA")]
    public void ADeviceWithoutKernelsIsClosedAndOpenedAgain(string name)
    {
        for (var i = 0; i < 2; i++)
        {
            using var device = name == "CUDA" ? GpuDevice.Cuda() : GpuDevice.OpenCL();
            Assert.Equal(name, device.Info.Kind.ToString(), ignoreCase: true);
        }
    }
}
