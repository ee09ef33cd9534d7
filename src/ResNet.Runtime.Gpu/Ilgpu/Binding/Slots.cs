using ResNet.Dsl;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>Which shape stands in which slot while a program is noted.</summary>
sealed class Slots
{
    readonly Dictionary<int, Shape> _shapes = [];
    readonly List<long> _sizes = [];

    /// <summary>Values per image that each slot needs.</summary>
    public long[] Sizes => [.. _sizes];

    public Shape this[int slot] => _shapes[slot];

    public void Write(int slot, Shape shape)
    {
        while (_sizes.Count <= slot) _sizes.Add(0);
        _sizes[slot] = Math.Max(_sizes[slot], shape.Elements);
        _shapes[slot] = shape;
    }
}
