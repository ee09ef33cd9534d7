namespace ResNet.Runtime;

/// <summary>A graphics processor that cannot be used, or not for this: the message says why, and what to do.</summary>
public class GpuException : Exception
{
    /// <summary>Creates the exception.</summary>
    public GpuException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong, and what to do.</param>
    public GpuException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong, and what to do.</param>
    /// <param name="innerException">What the driver said.</param>
    public GpuException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
