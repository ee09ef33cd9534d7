namespace ResNet.Planning.Verification;

/// <summary>A program does not compute what its network says: an error of the planner, not of the declaration.</summary>
public sealed class ProgramException : InvalidOperationException
{
    internal ProgramException(string operation, string? layer, int? slot, string problem)
        : base($"{operation}{(layer is null ? "" : $" of {layer}")}{(slot is null ? "" : $", slot {slot}")}: {problem}")
    {
        Operation = operation;
        Layer = layer;
        Slot = slot;
    }

    /// <summary>The operation that is wrong, or what is missing.</summary>
    public string Operation { get; }

    /// <summary>Full name of the layer that it names; null if it names none.</summary>
    public string? Layer { get; }

    /// <summary>The slot that is at fault; null if none is.</summary>
    public int? Slot { get; }
}
