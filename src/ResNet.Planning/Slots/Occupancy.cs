using ResNet.Planning.Graph;

namespace ResNet.Planning.Slots;

/// <summary>Values that are in one place, each at its time.</summary>
sealed class Occupancy
{
    /// <summary>Times that are taken, in order; none overlaps another.</summary>
    readonly List<(int Begin, int End)> _spans = [];

    public Occupancy()
    {
    }

    /// <param name="value">The value.</param>
    /// <param name="span">The time from its beginning to before its end.</param>
    public Occupancy(ValueNode value, (int Begin, int End) span)
    {
        Values.Add(value);
        Size = value.Shape.Elements;
        Begin = span.Begin;
        if (span.Begin < span.End) _spans.Add(span);
    }

    public List<ValueNode> Values { get; } = [];

    /// <summary>Elements of the largest value.</summary>
    public long Size { get; private set; }

    /// <summary>When the first value begins.</summary>
    public int Begin { get; private set; } = int.MaxValue;

    /// <summary>Takes in values whose times do not overlap those here.</summary>
    public void Add(Occupancy other)
    {
        Values.AddRange(other.Values);
        Size = Math.Max(Size, other.Size);
        Begin = Math.Min(Begin, other.Begin);
        foreach (var span in other._spans) _spans.Insert(CountBefore(span.End), span);
    }

    public bool Overlaps(Occupancy other)
    {
        if (other._spans.Count > _spans.Count) return other.Overlaps(this);
        return other._spans.Exists(span => CountBefore(span.End) is > 0 and var count && _spans[count - 1].End > span.Begin);
    }

    /// <summary>Number of spans that begin before a moment.</summary>
    int CountBefore(int moment)
    {
        var (low, high) = (0, _spans.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_spans[middle].Begin < moment) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
