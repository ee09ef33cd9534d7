using ResNet.Runtime.Vision;

namespace ResNet.Runtime;

/// <summary>
/// The views of a picture for the networks of a classifier, cut out: far fewer pixels than a photo has. Made by
/// <see cref="Classifier.Prepare"/>, for this classifier.
/// </summary>
public sealed class PreparedImage
{
    internal PreparedImage(Ensemble ensemble, TestProtocol protocol, CutView[][] views) => (Ensemble, Protocol, Views) = (ensemble, protocol, views);

    internal Ensemble Ensemble { get; }

    internal TestProtocol Protocol { get; }

    /// <summary>For each network, each of the protocol's views.</summary>
    internal CutView[][] Views { get; }
}
