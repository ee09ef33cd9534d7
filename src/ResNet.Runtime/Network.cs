using ResNet.Dsl;
using ResNet.Runtime.Execution;

namespace ResNet.Runtime;

/// <summary>
/// Base of every compiled network: a class under <c>[ResNet]</c>, <c>[CifarResNet]</c> or <c>[Network]</c> derives from it
/// in its generated part.
/// </summary>
public abstract class Network
{
    /// <summary>Creates the network.</summary>
    protected Network()
    {
    }

    /// <summary>The layer tree that the class was compiled from.</summary>
    public abstract NetworkDefinition Definition { get; }

    /// <summary>Starts an epilogue, in generated code.</summary>
    protected static Epilogue Then => default;

    /// <summary>The compiled forward pass with the statistics of training; generated.</summary>
    /// <param name="run">Executes the operations.</param>
    protected internal abstract void Infer(InferencePass run);
}
