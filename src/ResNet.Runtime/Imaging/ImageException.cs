namespace ResNet.Runtime;

/// <summary>An image could not be decoded; the message names the expected and the found content.</summary>
public sealed class ImageException : Exception
{
    /// <summary>Makes an exception without a message of its own.</summary>
    public ImageException()
    {
    }

    /// <summary>Creates the exception with the expected and the found content.</summary>
    public ImageException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception with the expected and the found content, and its cause.</summary>
    public ImageException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
