namespace ResNet.Generators.Planning;

/// <summary>Gives every value a slot of the arena, such that no two values are in one slot at the same time.</summary>
sealed class SlotAssignment
{
    readonly Dictionary<Value, int> _slots = [];

    /// <summary>The largest value of each slot, in elements per image.</summary>
    public IReadOnlyList<long> Sizes { get; }

    public int this[Value value] => _slots[value];

    SlotAssignment(IEnumerable<List<Group>> slots)
    {
        // A, B, C … in the order in which the program first writes them.
        var ordered = slots.OrderBy(slot => slot.Min(group => group.Begin)).ToList();
        for (var i = 0; i < ordered.Count; i++)
            foreach (var value in ordered[i].SelectMany(group => group.Values))
                _slots.Add(value, i);
        Sizes = [.. ordered.Select(SizeOf)];
    }

    /// <summary>Assigns slots, unless what a loop begins with and what it ends with cannot share one.</summary>
    /// <param name="steps">The program.</param>
    /// <param name="conflict">Such a loop, if there is one.</param>
    /// <returns>The assignment, if there is no such loop.</returns>
    public static SlotAssignment? TryCreate(IReadOnlyList<Step> steps, out Loop? conflict)
    {
        var lifetimes = new Lifetimes(steps);
        var groups = lifetimes.Values.ToDictionary(value => value, value => new Group(value, lifetimes[value]));
        foreach (var loop in lifetimes.Loops)
        {
            foreach (var carried in loop.Carried)
            {
                if (!(Join(carried.Initial, carried.Parameter) && Join(carried.Parameter, carried.Next) && Join(carried.Next, carried.Final)))
                {
                    conflict = loop;
                    return null;
                }
            }
        }
        conflict = null;
        // Large before small, or early before late: neither is always the better one.
        var all = groups.Values.Distinct().ToList();
        var bySize = Place(all.OrderByDescending(group => group.Size), (slot, group) => -slot);
        var byTime = Place(all.OrderBy(group => group.Begin), (slot, group) => Math.Abs(slot - group));
        return new(bySize.Sum(SizeOf) < byTime.Sum(SizeOf) ? bySize : byTime);

        bool Join(Value left, Value right)
        {
            var (to, from) = (groups[left], groups[right]);
            if (to == from) return true;
            if (to.Overlaps(from)) return false;
            to.Add(from);
            foreach (var value in from.Values) groups[value] = to;
            return true;
        }
    }

    /// <summary>Places groups one after another, each in the free slot that costs least.</summary>
    /// <param name="groups">The groups in the order of their placement.</param>
    /// <param name="cost">What the size of a slot and that of the group make it cost.</param>
    static List<List<Group>> Place(IEnumerable<Group> groups, Func<long, long, long> cost)
    {
        var slots = new List<List<Group>>();
        foreach (var group in groups)
        {
            var slot = slots.Where(taken => !taken.Exists(group.Overlaps)).OrderBy(taken => cost(SizeOf(taken), group.Size)).FirstOrDefault();
            if (slot is null) slots.Add(slot = []);
            slot.Add(group);
        }
        return slots;
    }

    static long SizeOf(List<Group> slot) => slot.Max(group => group.Size);

    /// <summary>Values that share a slot because loops hand them on.</summary>
    sealed class Group(Value value, (int Begin, int End) span)
    {
        readonly List<(int Begin, int End)> _spans = [span];

        public List<Value> Values { get; } = [value];

        public long Size { get; } = value.Shape.Elements;

        public int Begin => _spans.Min(span => span.Begin);

        public void Add(Group other)
        {
            _spans.AddRange(other._spans);
            Values.AddRange(other.Values);
        }

        public bool Overlaps(Group other) =>
            _spans.Exists(mine => other._spans.Exists(theirs => mine.Begin < theirs.End && theirs.Begin < mine.End));
    }
}
