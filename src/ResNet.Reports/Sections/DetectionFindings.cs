using ResNet.Runtime;
using ResNet.Runtime.Detection.Evaluation;

namespace ResNet.Reports.Sections;

/// <summary>All that a report about a detector shows.</summary>
sealed record DetectionFindings(string Model, DetectionDataset Data, IReadOnlyList<EvaluatedScene> Scenes, DetectionResult Result, DateTimeOffset Date);
