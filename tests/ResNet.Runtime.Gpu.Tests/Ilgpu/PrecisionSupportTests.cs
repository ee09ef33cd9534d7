using ILGPU.Runtime.Cuda;

namespace ResNet.Runtime.Gpu.Tests;

/// <summary>The precisions that devices support.</summary>
public class PrecisionSupportTests
{
    static readonly GpuDeviceInfo _device = new(GpuKind.Cuda, 0, "Ferris 9000", Memory: 1 << 30, IsProcessor: false);

    [Theory, InlineData(Precision.TensorFloat32), InlineData(Precision.BFloat16)]
    public void TensorCoresAreOfComputeCapabilityEight(Precision precision)
    {
        Backends.Check(_device, new CudaArchitecture(8, 0), precision);
        Backends.Check(_device, new CudaArchitecture(12, 0), precision);
        var tooOld = Assert.Throws<GpuException>(() => Backends.Check(_device, new CudaArchitecture(7, 5), precision)).Message;
        Assert.Equal($"Ferris 9000 cannot compute in {precision}: it has compute capability 7.5, and that takes 8.0 (Ampere) or later; use Precision.Single", tooOld);
        var notCuda = Assert.Throws<GpuException>(() => Backends.Check(_device with { Kind = GpuKind.OpenCL }, architecture: null, precision)).Message;
        Assert.Equal($"Ferris 9000 cannot compute in {precision}: that takes an NVIDIA device, opened by CUDA; use Precision.Single", notCuda);
    }

    [Fact]
    public void SingleIsForAll()
    {
        Backends.Check(_device, new CudaArchitecture(5, 0), Precision.Single);
        Backends.Check(_device with { Kind = GpuKind.OpenCL }, architecture: null, Precision.Single);
        Assert.Throws<ArgumentOutOfRangeException>(() => GpuDevice.Cuda(0, (Precision)3));
    }

    [SkippableOpenCLFact]
    public void OpenCLHasOneAlone()
    {
        var device = GpuDevice.All.First(device => device.Kind == GpuKind.OpenCL);
        Assert.Contains("NVIDIA", Assert.Throws<GpuException>(() => Backends.Open(device, Precision.BFloat16)).Message, StringComparison.Ordinal);
    }

    sealed class SkippableOpenCLFactAttribute : FactAttribute
    {
        public SkippableOpenCLFactAttribute() => Skip = TestDevices.WhyNot("OpenCL");
    }
}
