using ResNet.Runtime;
using ResNet.Runtime.Data;

namespace ResNet.Experiments.Probes;

/// <summary>Measures a network with any weights: values inside of it, or its answers.</summary>
public abstract class Probe
{
    /// <summary>Its name in the names of files.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// Of a probe that looks at all images that networks are validated on: the forward passes over them, as a whole. It measures trained networks
    /// alone. Zero for a probe that looks at a few images, before training and after each epoch.
    /// </summary>
    public virtual double Passes => 0;

    /// <summary>Measures. The network is as before afterwards.</summary>
    /// <param name="network">The network.</param>
    /// <param name="dataset">The images to look at.</param>
    /// <param name="cancellationToken">Stops a probe that looks at all images.</param>
    public abstract ProbeTable Measure(Network network, ImageDataset dataset, CancellationToken cancellationToken = default);

    /// <summary>Measures networks together.</summary>
    /// <param name="networks">Two or more trained networks of the same classes.</param>
    /// <param name="dataset">The images to look at.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The table; null if the probe measures each by itself only.</returns>
    public virtual ProbeTable? MeasureTogether(IReadOnlyList<Network> networks, ImageDataset dataset, CancellationToken cancellationToken) => null;
}
