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

    /// <summary>Position of the first value in <see cref="Parameters.Trained"/> or, of a statistic, in <see cref="Parameters.Statistics"/>.</summary>
    public int Offset { get; }

    /// <summary>The values, last dimension fastest.</summary>
    public ReadOnlySpan<float> Values => _owner.Buffer(Info).AsSpan(Offset, Length);

    /// <summary><see cref="Values"/>, to write to. Counts as a change of the parameters; ask anew for every change.</summary>
    public Span<float> Edit() => _owner.Edit(_owner.Buffer(Info).AsSpan(Offset, Length));

    /// <summary><c>layer1.0.conv1.weight 64×64×3×3</c>.</summary>
    public override string ToString() => $"{Name} {string.Join('×', Shape)}";
}
