namespace ResNet.Tool.Output;

/// <summary>The user asked for something that cannot be done; the message is one line for them.</summary>
sealed class ToolException(string message) : Exception(message);
