using ILGPU;

namespace ResNet.Runtime.Gpu.Kernels;

/// <summary>The greatest value of the threads of a group; all of them have to ask for it.</summary>
static class GroupMax
{
    /// <param name="values">Shared memory: a value for each thread.</param>
    /// <param name="own">The thread's value.</param>
    public static float Of(ArrayView<float> values, float own)
    {
        values[Group.IdxX] = own;
        for (var half = Group.DimX >> 1; half > 0; half >>= 1)
        {
            Group.Barrier();
            if (Group.IdxX < half) values[Group.IdxX] = IntrinsicMath.Max(values[Group.IdxX], values[Group.IdxX + half]);
        }
        Group.Barrier();
        var greatest = values[0];
        Group.Barrier();
        return greatest;
    }
}
