namespace ResNet.Runtime.Data.Shards;

/// <summary>An image in a tar file, with its label.</summary>
/// <param name="Shard">The file.</param>
/// <param name="Name">The name of the image's entry.</param>
/// <param name="Offset">The first byte of the image in the file.</param>
/// <param name="Length">Bytes of the image.</param>
/// <param name="Label">The label as it stands there: an index or a name.</param>
sealed record ShardSample(string Shard, string Name, long Offset, long Length, string Label);
