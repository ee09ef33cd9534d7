using ResNet.Runtime.Gpu.Kernels;

namespace ResNet.Runtime.Gpu.Tests;

public class FastDivisorTests
{
    [Fact]
    public void QuotientsAndRemaindersAreExact()
    {
        int[] edges = [1, 2, 3, 5, 7, 12, 49, 56, 64, 3136, 12_544, 65_535, 65_536, 65_537, 1_000_003, int.MaxValue / 2, int.MaxValue - 1, int.MaxValue];
        foreach (var divisor in edges)
        {
            var fast = new FastDivisor(divisor);
            foreach (var value in edges.SelectMany(edge => new[] { edge - 1, edge, (int)Math.Min(int.MaxValue, (long)edge * 3), (int)Math.Min(int.MaxValue, (long)divisor * (edge % 1000)), Math.Max(0, divisor * (long)(edge % 1000) - 1 > int.MaxValue ? 0 : (int)(divisor * (long)(edge % 1000) - 1)) }))
            {
                Assert.Equal(value / divisor, fast.Divide(value));
                Assert.Equal(value % divisor, fast.Remainder(value, fast.Divide(value)));
            }
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => new FastDivisor(0));
    }
}
