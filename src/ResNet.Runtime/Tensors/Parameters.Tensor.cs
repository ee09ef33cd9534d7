using ResNet.Dsl;

namespace ResNet.Runtime;

/// <summary>One tensor of <see cref="Parameters"/>: a view of its part of the buffer.</summary>
public sealed class ParameterTensor
{
    readonly Parameters _owner;

    internal ParameterTensor(Parameters owner, ParameterInfo info, int offset)
    {
        _owner = owner;
        Info = info;
        Offset = offset;
        Length = (int)info.Elements;
    }

    /// <summary>Name, shape and kind.</summary>
    public ParameterInfo Info { get; }

    /// <summary>Full name, torchvision's where there is one: <c>layer1.0.conv1.weight</c>.</summary>
    public string Name => Info.Name;

    /// <summary>Dimensions, PyTorch's order.</summary>
    public EquatableArray<int> Shape => Info.Shape;

    /// <summary>Number of values.</summary>
    public int Length { get; }

    /// <summary>Position of the first value in <see cref="Parameters.ReadTrained"/> or, of a statistic, in <see cref="Parameters.ReadStatistics"/>.</summary>
    public int Offset { get; }

    /// <summary>The values, last dimension fastest. Where a device holds newer ones, they are copied from there first.</summary>
    public ReadOnlySpan<float> Read() => _owner.Buffer(Info).AsSpan(Offset, Length);

    /// <summary>Changes the values, which counts as a change of the parameters.</summary>
    /// <param name="change">Writes to them; they can be written to during the call only.</param>
    public void Edit(Action<Span<float>> change) => _owner.Edit(_owner.Buffer(Info).AsSpan(Offset, Length), change);

    /// <summary><see cref="Read"/>, to write to. Counts as a change of the parameters; ask anew for every change.</summary>
    internal Span<float> Edit() => _owner.Edit(_owner.Buffer(Info).AsSpan(Offset, Length));

    /// <summary><c>layer1.0.conv1.weight 64×64×3×3</c>.</summary>
    public override string ToString() => $"{Name} {string.Join('×', Shape)}";
}
