namespace ResNet.Runtime.Communication;

/// <summary>Ranks that compute together cannot go on: one has failed, they disagree, or nothing connects them.</summary>
public sealed class CommunicationException : Exception
{
    /// <summary>Creates the exception.</summary>
    public CommunicationException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">The problem.</param>
    public CommunicationException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">The problem.</param>
    /// <param name="innerException">The cause.</param>
    public CommunicationException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}
