using ResNet.Runtime.Cpu.Memory;

namespace ResNet.Runtime.Tests.Cpu.Training;

/// <summary>Computes a gradient in one of several parts.</summary>
delegate void GradientKernel(FeatureMaps target, bool accumulate, int part, int parts);

/// <summary>Checks a kernel of a gradient: the values, in any number of parts, written or added, and zeros around them.</summary>
static class GradientCheck
{
    public static void Run(ActivationLayout layout, int batch, double[] expected, GradientKernel kernel)
    {
        for (var parts = 1; parts <= 4; parts++)
        {
            using var target = new TestTensor(layout, batch);
            for (var times = 1; times <= 2; times++)
            {
                for (var part = parts - 1; part >= 0; part--) kernel(target.FeatureMaps, accumulate: times == 2, part, parts);
                target.AssertInvariants();
                AssertClose([.. expected.Select(value => times * value)], target.ToArray(), $"{parts} parts, {times} times");
            }
        }
    }

    public static void AssertClose(double[] expected, float[] actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            if (!(Math.Abs(expected[i] - actual[i]) <= 1e-5 * Math.Max(1, Math.Abs(expected[i]))))
                Assert.Fail($"{what}: [{i}] should be {expected[i]}, is {actual[i]}");
    }
}
