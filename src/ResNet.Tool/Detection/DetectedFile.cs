using ResNet.Runtime;
using ResNet.Tool.Output;

namespace ResNet.Tool.Detection;

/// <summary>The objects that a detector found in a file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Objects">The objects, in order of falling score.</param>
/// <param name="Drawing">The picture in which they are drawn, if they are.</param>
/// <param name="Error">The reason why nothing was sought; null if it was.</param>
sealed record DetectedFile(string Path, IReadOnlyList<DetectedObject> Objects, string? Drawing = null, string? Error = null) : FileResult(Path, Error);
