using ILGPU;
using ILGPU.Runtime;
using ResNet.Runtime.Gpu.Driver;
using ResNet.Runtime.Gpu.Kernels;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>Sums of squares of vectors in a device's memory. Squares are summed in single precision: a length of more than 10¹⁹ counts as infinite.</summary>
/// <param name="device">The device.</param>
/// <param name="lengths">Numbers of values of the vectors that are summed at a time.</param>
sealed class SquareSums(IlgpuDevice device, IEnumerable<int> lengths) : IDisposable
{
    /// <summary>Most thread groups that sum the squares of a vector: so many partial sums come back.</summary>
    const int MostSums = 256;

    readonly GpuBuffer<float> _sums = device.Allocate<float>(lengths.Sum(length => SumsOf(device, length)));
    readonly Action<KernelConfig, Optimizing.Squares> _sum = device.Kernel<Optimizing.Squares>(Optimizing.SumSquares);
    readonly List<int> _counts = [];
    int _total;

    /// <summary>Begins to sum up a vector.</summary>
    public void Add(ArrayView<float> values)
    {
        var count = SumsOf(device, (int)values.Length);
        _sum((count, device.Threads), new() { Values = values, Sums = _sums.View.SubView(_total, count), Count = (int)values.Length });
        _counts.Add(count);
        _total += count;
    }

    /// <summary>Waits for the sums of all vectors that were added since the last call.</summary>
    public double[] Read()
    {
        var parts = _sums.Read(_total).AsSpan();
        var sums = new double[_counts.Count];
        for (var i = 0; i < sums.Length; i++)
        {
            foreach (var part in parts[.._counts[i]]) sums[i] += part;
            parts = parts[_counts[i]..];
        }
        _counts.Clear();
        _total = 0;
        return sums;
    }

    public void Dispose() => _sums.Dispose();

    static int SumsOf(IlgpuDevice device, int length) => Math.Min(MostSums, (length + device.Threads - 1) / device.Threads);
}
