namespace ResNet.Data.Parquet.Reading;

/// <summary>Keeps the row groups that were used last. Threads that want the same one wait for one reading.</summary>
/// <param name="blocks">All row groups.</param>
/// <param name="capacity">The most bytes of encoded images that are kept; at least one row group is.</param>
sealed class BlockCache(IReadOnlyList<ImageBlock> blocks, long capacity)
{
    readonly Lock _gate = new();
    readonly Dictionary<int, Entry> _entries = [];
    long _bytes;
    long _uses;

    /// <summary>The encoded images of a row group; null where a row has none.</summary>
    /// <exception cref="Runtime.DatasetException">The file cannot be read or is damaged.</exception>
    public ReadOnlyMemory<byte>?[] Images(int block)
    {
        Entry? entry;
        lock (_gate)
        {
            if (!_entries.TryGetValue(block, out entry))
            {
                entry = new(new(() => blocks[block].File.Images(blocks[block])));
                _entries.Add(block, entry);
                _bytes += blocks[block].Bytes;
            }
            entry.LastUse = ++_uses;
            while (_bytes > capacity && _entries.Count > 1) Remove(_entries.MinBy(other => other.Value.LastUse).Key);
        }
        try
        {
            return entry.Images.Value;
        }
        catch
        {
            // The next one tries again: the reason may be gone.
            lock (_gate)
                if (_entries.TryGetValue(block, out var kept) && kept == entry) Remove(block);
            throw;
        }
    }

    void Remove(int block)
    {
        _entries.Remove(block);
        _bytes -= blocks[block].Bytes;
    }

    sealed class Entry(Lazy<ReadOnlyMemory<byte>?[]> images)
    {
        public Lazy<ReadOnlyMemory<byte>?[]> Images => images;

        public long LastUse { get; set; }
    }
}
