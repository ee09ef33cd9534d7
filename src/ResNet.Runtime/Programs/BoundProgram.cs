using ResNet.Dsl;

namespace ResNet.Runtime.Programs;

/// <summary>A program as devices see it: its operations in order, over values whose readers are known.</summary>
/// <param name="Network">The network, whose layers the operations name.</param>
/// <param name="Operations">The operations in the order of execution.</param>
/// <param name="Values">Every value, in the order of writing.</param>
/// <param name="Slots">Number of slots.</param>
sealed record BoundProgram(NetworkDefinition Network, IReadOnlyList<BoundOperation> Operations, IReadOnlyList<BoundValue> Values, int Slots)
{
    /// <summary>Shape of an input image.</summary>
    public Shape Input => Network.Input;

    /// <summary>The results of one image.</summary>
    public IReadOnlyList<NetworkOutput> Outputs { get; } = Network.Outputs;
}
