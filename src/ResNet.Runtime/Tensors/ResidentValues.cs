namespace ResNet.Runtime.Tensors;

/// <summary>Values in the memory of a device, where it computes with them.</summary>
abstract class ResidentValues : IDisposable
{
    /// <summary>Waits for the device, and copies the values to the host.</summary>
    /// <param name="values">Receives all of them.</param>
    public abstract void CopyTo(Span<float> values);

    /// <summary>Frees the memory.</summary>
    public abstract void Dispose();
}
