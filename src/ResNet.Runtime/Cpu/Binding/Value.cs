using ResNet.Dsl;
using ResNet.Runtime.Cpu.Memory;

namespace ResNet.Runtime.Cpu.Binding;

/// <summary>
/// What one operation of the program writes to a slot. Its place in memory is known only when the whole program is: the
/// border of zeros depends on who reads it later.
/// </summary>
sealed class Value(Shape shape, int slot)
{
    Value? _sharesLayoutWith;
    int _halo;
    bool _compact;

    public Shape Shape { get; } = shape;

    public int Slot { get; } = slot;

    public ActivationLayout Layout { get; private set; }

    /// <summary>Asks for a border of zeros, as a convolution with that padding reads it.</summary>
    public void NeedHalo(int halo) => Root._halo = Math.Max(Root._halo, halo);

    /// <summary>Asks for the layout without channel blocks.</summary>
    public void MakeCompact() => _compact = true;

    /// <summary>Gives both the same layout, so that one can be written over the other element by element.</summary>
    public void ShareLayout(Value other)
    {
        var (mine, others) = (Root, other.Root);
        if (mine == others) return;
        mine._halo = Math.Max(mine._halo, others._halo);
        others._sharesLayoutWith = mine;
    }

    public void FixLayout() => Layout = _compact
        ? ActivationLayout.Compact(Shape.Channels, Shape.Height, Shape.Width, _halo)
        : ActivationLayout.Blocked(Shape.Channels, Shape.Height, Shape.Width, Root._halo);

    Value Root => _sharesLayoutWith?.Root ?? this;
}
