using ResNet.Planning.Graph;

namespace ResNet.Planning.Slots;

/// <summary>Values in groups that are to share a slot.</summary>
sealed class ValueGroups(Lifetimes lifetimes)
{
    readonly Dictionary<ValueNode, Occupancy> _groups = lifetimes.Values.ToDictionary(value => value, value => new Occupancy(value, lifetimes[value]));

    /// <summary>The groups, in the order of their first values' definition.</summary>
    public IReadOnlyList<Occupancy> All => [.. lifetimes.Values.Select(value => _groups[value]).Distinct()];

    /// <summary>Ties together what a loop hands on, if no two of the four exist at the same time.</summary>
    public bool TryTie(CarriedNode carried) =>
        TryTie(carried.Initial, carried.Parameter) && TryTie(carried.Parameter, carried.Next) && TryTie(carried.Next, carried.Final);

    /// <summary>Ties two values together, and what is tied to them, if none of these exist at the same time.</summary>
    public bool TryTie(ValueNode left, ValueNode right)
    {
        var (to, from) = (_groups[left], _groups[right]);
        if (to == from) return true;
        if (to.Overlaps(from)) return false;
        to.Add(from);
        foreach (var value in from.Values) _groups[value] = to;
        return true;
    }
}
