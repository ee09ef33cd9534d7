namespace ResNet.Runtime;

/// <summary>A picture of an <see cref="EmbeddingIndex"/> that is like another one.</summary>
/// <param name="Index">Its position in the index.</param>
/// <param name="Name">Its name in the index: a file, say.</param>
/// <param name="Similarity">Cosine of the angle between the two embeddings, from -1 to 1.</param>
public readonly record struct Neighbor(int Index, string Name, float Similarity);
