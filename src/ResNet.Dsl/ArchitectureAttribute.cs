namespace ResNet.Dsl;

/// <summary>
/// Base of the attributes that declare one of the papers' architectures on a <c>partial class</c>. Its properties are
/// the architecture's options; the compiler sets them and calls <see cref="Declare"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class ArchitectureAttribute : Attribute
{
    /// <inheritdoc cref="NetworkAttribute.Recompute"/>
    public bool Recompute { get; set; }

    /// <summary>Writes the architecture with the builder.</summary>
    /// <param name="net">An empty builder.</param>
    /// <exception cref="NetworkException">The options make no network; <see cref="NetworkException.Argument"/> names the property.</exception>
    public abstract void Declare(NetworkBuilder net);

    /// <summary>The architecture as a layer tree.</summary>
    /// <param name="name">Name of the network, for people.</param>
    /// <exception cref="NetworkException">The options make no network; <see cref="NetworkException.Argument"/> names the property.</exception>
    public NetworkDefinition Define(string name)
    {
        var net = new NetworkBuilder();
        Declare(net);
        return net.Build(name);
    }
}
