namespace ResNet.Runtime;

/// <summary>An image could not be decoded; the message says what was expected and what was found.</summary>
public sealed class ImageException : Exception
{
    /// <summary>Makes an exception without a message of its own.</summary>
    public ImageException()
    {
    }

    /// <summary>Makes an exception that says what was expected and found.</summary>
    public ImageException(string message) : base(message)
    {
    }

    /// <summary>Makes an exception that says what was expected and found, with its cause.</summary>
    public ImageException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
