namespace ResNet.Runtime;

/// <summary>Lets <c>Device.Cpu</c> name the processor, although devices in general do not know it.</summary>
public static class CpuDeviceExtensions
{
    extension(Device)
    {
        /// <inheritdoc cref="CpuDevice.Shared"/>
        public static CpuDevice Cpu => CpuDevice.Shared;
    }
}
