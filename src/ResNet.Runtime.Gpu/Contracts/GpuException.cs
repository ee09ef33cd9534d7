namespace ResNet.Runtime;

/// <summary>A graphics processor cannot be used, or not for this task; the message names the reason and the remedy.</summary>
public class GpuException : Exception
{
    /// <summary>Creates the exception.</summary>
    public GpuException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Describes the error and its remedy.</param>
    public GpuException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Describes the error and its remedy.</param>
    /// <param name="innerException">The driver's error.</param>
    public GpuException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
