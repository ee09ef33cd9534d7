using ResNet.Planning.Graph;

namespace ResNet.Planning.Slots;

/// <summary>Gives every value a slot of the arena, such that no two values are in one slot at the same time.</summary>
sealed class SlotAssignment
{
    readonly Dictionary<ValueNode, int> _slots = [];

    SlotAssignment(IEnumerable<Occupancy> slots)
    {
        // A, B, C … in the order in which the program first writes them.
        var ordered = slots.OrderBy(slot => slot.Begin).ToList();
        for (var i = 0; i < ordered.Count; i++)
            foreach (var value in ordered[i].Values)
                _slots.Add(value, i);
        Sizes = [.. ordered.Select(slot => slot.Size)];
    }

    /// <summary>The largest value of each slot, in elements per image.</summary>
    public IReadOnlyList<long> Sizes { get; }

    public int this[ValueNode value] => _slots[value];

    /// <summary>Assigns slots, unless what a loop begins with and what it ends with cannot share one.</summary>
    /// <param name="steps">The program.</param>
    /// <param name="conflicts">Such loops.</param>
    /// <returns>The assignment, if there is no such loop.</returns>
    public static SlotAssignment? TryCreate(IReadOnlyList<StepNode> steps, out IReadOnlyCollection<LoopNode> conflicts)
    {
        var lifetimes = new Lifetimes(steps);
        var groups = new ValueGroups(lifetimes);
        conflicts = [.. lifetimes.Loops.Where(loop => !loop.Carried.TrueForAll(groups.TryTie))];
        if (conflicts.Count > 0) return null;

        // Operations in place leave more of the cache to others, if that costs no slot.
        var inPlace = new ValueGroups(lifetimes);
        foreach (var carried in lifetimes.Loops.SelectMany(loop => loop.Carried)) inPlace.TryTie(carried);
        foreach (var (before, after) in lifetimes.InPlace) inPlace.TryTie(before, after);

        var best = Placements(inPlace).Concat(Placements(groups)).Aggregate((best, next) => Total(next) < Total(best) ? next : best);
        return new(best);

        static long Total(List<Occupancy> slots) => slots.Sum(slot => slot.Size);
    }

    /// <summary>Large before small, or early before late: neither is always the better order.</summary>
    static IEnumerable<List<Occupancy>> Placements(ValueGroups groups) =>
    [
        Place(groups.All.OrderBy(group => group.Begin), (slot, group) => Math.Abs(slot - group)),
        Place(groups.All.OrderByDescending(group => group.Size), (slot, group) => -slot),
    ];

    /// <summary>Places groups of values that loops tie together, one after another, each in the free slot that costs least.</summary>
    /// <param name="groups">The groups in the order of their placement.</param>
    /// <param name="cost">The cost that follows from the size of a slot and that of the group.</param>
    static List<Occupancy> Place(IEnumerable<Occupancy> groups, Func<long, long, long> cost)
    {
        var slots = new List<Occupancy>();
        foreach (var group in groups)
        {
            var slot = slots.Where(taken => !taken.Overlaps(group)).OrderBy(taken => cost(taken.Size, group.Size)).FirstOrDefault();
            if (slot is null) slots.Add(slot = new());
            slot.Add(group);
        }
        return slots;
    }
}
