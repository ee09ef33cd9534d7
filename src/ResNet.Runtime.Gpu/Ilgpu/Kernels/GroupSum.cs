using ILGPU;

namespace ResNet.Runtime.Gpu.Kernels;

/// <summary>The sum over the threads of a group, in the same order each time; all of them have to ask for it.</summary>
static class GroupSum
{
    /// <param name="values">Shared memory: a value for each thread.</param>
    /// <param name="own">The thread's summand.</param>
    public static float Of(ArrayView<float> values, float own)
    {
        values[Group.IdxX] = own;
        for (var half = Group.DimX >> 1; half > 0; half >>= 1)
        {
            Group.Barrier();
            if (Group.IdxX < half) values[Group.IdxX] += values[Group.IdxX + half];
        }
        Group.Barrier();
        var sum = values[0];
        Group.Barrier();
        return sum;
    }
}
