namespace ResNet.Runtime.Data.Folders;

/// <summary>An image in a list.</summary>
/// <param name="Number">The number of its line, from 1.</param>
/// <param name="File">The file.</param>
/// <param name="Class">Its class: a name or an index.</param>
readonly record struct ListedImage(int Number, string File, string Class);
