namespace ResNet.Runtime.Detection.Evaluation;

/// <summary>The verdict on a detection.</summary>
enum Verdict
{
    /// <summary>It found an object.</summary>
    Right,

    /// <summary>It counts neither way.</summary>
    Ignored,

    /// <summary>Its object was found already.</summary>
    Duplicate,

    /// <summary>It lies on no object of its class.</summary>
    Background,
}
