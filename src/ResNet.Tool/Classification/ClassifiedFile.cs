using ResNet.Runtime;
using ResNet.Tool.Output;

namespace ResNet.Tool.Classification;

/// <summary>The predictions for a file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Predictions">The likeliest classes, the likeliest first; none if the file cannot be classified.</param>
/// <param name="Error">The reason why it cannot be; null if it is.</param>
sealed record ClassifiedFile(string Path, IReadOnlyList<Prediction> Predictions, string? Error = null) : FileResult(Path, Error);
