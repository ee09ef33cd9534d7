namespace ResNet.Runtime.Data;

/// <summary>
/// One of several equal parts of every batch, for processes that train together. Shards with the same seed share one order: their
/// batches of one number are together the batch that one loader would give, <see cref="Count"/> times as large. Where the last one of an
/// epoch does not divide evenly, the first images of the epoch come a second time, so that all shards have as many images.
/// </summary>
/// <param name="Index">Which part, from 0 on.</param>
/// <param name="Count">Number of parts.</param>
public sealed record DataShard(int Index, int Count)
{
    /// <summary><c>shard 0 of 4</c>.</summary>
    public override string ToString() => $"shard {Index} of {Count}";
}
