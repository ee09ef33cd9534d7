using System.Numerics;

namespace ResNet.Runtime.Communication;

/// <summary>One of the ranks within a process.</summary>
/// <param name="group">The ranks.</param>
/// <param name="rank">Number of this rank.</param>
/// <param name="size">Number of ranks.</param>
sealed class InProcessCommunicator(RankGroup group, int rank, int size) : Communicator(rank, size)
{
    public override string Name => "one process";

    protected override void SumValues(Span<float> values) => Add(values);

    protected override void SumValues(Span<double> values) => Add(values);

    protected override void BroadcastBytes(Span<byte> values, int root)
    {
        var given = group.Give(Rank, Current, Rank == root ? values.ToArray() : null);
        ((byte[])given[root]!).CopyTo(values);
        group.Meet();
    }

    protected override void Meet()
    {
        group.Give(Rank, Current, values: null);
        group.Meet();
    }

    protected override void EndAll(string message) => group.Abort(message);

    void Add<T>(Span<T> values) where T : struct, INumber<T>
    {
        var given = group.Give(Rank, Current, values.ToArray());
        for (var i = 0; i < values.Length; i++)
        {
            var sum = ((T[])given[0]!)[i];
            for (var other = 1; other < given.Length; other++) sum += ((T[])given[other]!)[i];
            values[i] = sum;
        }
        // No rank gives new values before all have read the old ones.
        group.Meet();
    }
}
