using System.Numerics;
using ILGPU;
using ILGPU.Runtime;
using ResNet.Dsl;
using ResNet.Runtime.Gpu.Driver;
using ResNet.Runtime.Gpu.Kernels;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>The layout of the first pass of sums over a channel's pixels on the device.</summary>
/// <param name="device">The device.</param>
/// <param name="shape">Of the values.</param>
sealed class ChannelSums(IlgpuDevice device, Shape shape)
{
    /// <summary>Neighboring threads take neighboring channels: what a warp loads at once.</summary>
    const int ChannelThreads = 32;

    /// <summary>Pixels that a thread sums at least, where there are enough.</summary>
    const int LeastPixels = 8;

    const int GroupsPerMultiprocessor = 4;

    readonly int _channelThreads = Math.Min(ChannelThreads, Math.Max(1, Math.Min(device.Threads / 2, (int)BitOperations.RoundUpToPowerOf2((uint)shape.Channels))));

    int PixelThreads => device.Threads / _channelThreads;

    int ChannelGroups => (shape.Channels + _channelThreads - 1) / _channelThreads;

    public int Pixels(int batch) => checked(batch * shape.Height * shape.Width);

    /// <summary>Floats of scratch memory.</summary>
    public long ScratchLength(int batch) => 2L * Chunks(batch) * shape.Channels;

    /// <summary>Parts that the pixels are cut into.</summary>
    public int Chunks(int batch)
    {
        var wanted = (GroupsPerMultiprocessor * device.Multiprocessors + ChannelGroups - 1) / ChannelGroups;
        var most = (Pixels(batch) + PixelThreads * LeastPixels - 1) / (PixelThreads * LeastPixels);
        return Math.Max(1, Math.Min(wanted, most));
    }

    public KernelConfig Grid(int batch) => new(new Index3D(ChannelGroups, Chunks(batch), 1), new Index3D(_channelThreads, PixelThreads, 1));

    /// <summary>The arguments; views that a kernel does not need are those of <paramref name="input"/>.</summary>
    public Normalization.Summing Arguments(Workspace workspace, ArrayView<float> input)
    {
        var (pixels, chunks) = (Pixels(workspace.Batch), Chunks(workspace.Batch));
        return new()
        {
            Input = input,
            Rectified = input,
            Gradient = input,
            Mean = input,
            Sums = workspace.Scratch,
            Products = workspace.Scratch.SubView((long)chunks * shape.Channels),
            Channels = shape.Channels,
            Pixels = pixels,
            ChunkPixels = (pixels + chunks - 1) / chunks,
        };
    }
}
