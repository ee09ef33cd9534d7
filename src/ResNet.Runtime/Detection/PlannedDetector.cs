using ResNet.Dsl;

namespace ResNet.Runtime.Detection;

/// <summary>A detector of networks that are planned when they are first asked for.</summary>
/// <param name="definition">The detector.</param>
/// <param name="device">The device.</param>
sealed class PlannedDetector(DetectorDefinition definition, Device? device)
    : Detector(definition.Name, Network.Create(definition.Trunk, device), Network.Create(definition.Head, device), definition.Settings);
