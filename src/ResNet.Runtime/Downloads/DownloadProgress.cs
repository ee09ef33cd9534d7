namespace ResNet.Runtime;

/// <summary>The progress of a download.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Received">The bytes that are on disk, those of an earlier, interrupted download included.</param>
/// <param name="Total">The bytes of the whole file, or null where the server does not say.</param>
public readonly record struct DownloadProgress(string File, long Received, long? Total);
