using ResNet.Runtime;
using ResNet.Runtime.Data;

namespace ResNet.Experiments.Probes;

/// <summary>Measures something inside of a network, of whatever weights.</summary>
public abstract class Probe
{
    /// <summary>Its name in the names of files.</summary>
    public abstract string Name { get; }

    /// <summary>Measures. The network is as before afterwards.</summary>
    /// <param name="network">The network.</param>
    /// <param name="dataset">The images to look at.</param>
    public abstract ProbeTable Measure(Network network, ImageDataset dataset);
}
