using ResNet.Dsl;
using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Detection;

/// <summary>
/// Initial values of the layers that a detector adds to a backbone (Ren et al. 2015, section 3.1.3; Girshick 2015, section 4.1): normal with a standard
/// deviation of 0.01, or 0.001 where boxes of regions are corrected, and no bias. So a new detector proposes evenly and corrects nothing.
/// </summary>
static class DetectorInitializer
{
    /// <summary>Overwrites the layers that no classifier has.</summary>
    /// <param name="network">A detector's trunk or head.</param>
    public static void Initialize(Network network)
    {
        foreach (var tensor in network.Parameters.Tensors.Where(tensor => DetectorNames.IsOfDetector(tensor.Name)))
        {
            var values = tensor.Edit();
            if (tensor.Info.Kind == ParameterKind.Weight) new CounterRandom(0, tensor.Name).FillNormal(values, CorrectsRegions(tensor.Name) ? 0.001 : 0.01);
            else values.Clear();
        }
    }

    static bool CorrectsRegions(string name) =>
        name.StartsWith(DetectorDefinition.BoxesOutput, StringComparison.Ordinal) || name.StartsWith(DetectorDefinition.ContextBoxesOutput, StringComparison.Ordinal);
}
