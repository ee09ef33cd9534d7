namespace ResNet.Dsl;

/// <summary>
/// Declares a detector with networks of your own. The class has <c>static void Features(NetworkBuilder net)</c>, from <c>net.Input(…)</c>
/// to feature maps, and <c>static void Regions(NetworkBuilder roi)</c>, from a region of them, which is the builder's input already, to a
/// vector. The region proposal network and the two sibling layers are added to them. Names of the layers of <c>Regions</c> stand in the scope <c>head</c>.
/// </summary>
public sealed class DetectorAttribute : DetectionAttribute
{
    private protected override int UsualRegionSize => 14;

    // Layers without a name of their own have the same names in both networks.
    private protected override string HeadScope => "head";
}
