namespace ResNet.Generators.Parsing.Evaluation;

/// <summary>The source is not valid C#. The compiler says so itself, so nothing is added to it.</summary>
internal sealed class InvalidSourceException : Exception;
