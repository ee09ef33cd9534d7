namespace ResNet.Runtime;

/// <summary>A data set is invalid. The message names the file, the expected content and the content that was found.</summary>
public sealed class DatasetException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The file, what was expected, what was found.</param>
    public DatasetException(string message) : base(message) { }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">The file, what was expected, what was found.</param>
    /// <param name="inner">The error that caused this one.</param>
    public DatasetException(string message, Exception inner) : base(message, inner) { }

    /// <summary>Creates the exception.</summary>
    public DatasetException() { }
}
