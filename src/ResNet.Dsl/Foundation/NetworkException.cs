namespace ResNet.Dsl;

/// <summary>
/// A declaration that is no network: the same check, with the same text, that the compiler reports under the call.
/// </summary>
public sealed class NetworkException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="id">Id of the diagnostic, documented in <c>docs/diagnostics</c>.</param>
    /// <param name="message">Describes the error and its correction.</param>
    /// <param name="argument">Parameter of the builder call, or property of the attribute, that is wrong.</param>
    public NetworkException(string id, string message, string? argument = null) : base(message)
    {
        Id = id;
        Argument = argument;
    }

    /// <summary>Id of the diagnostic, such as <c>RESNET009</c>.</summary>
    public string Id { get; }

    /// <summary>Name of the parameter or attribute property that is wrong, if it is one.</summary>
    public string? Argument { get; }

    /// <summary>Edits each of which would correct it, the likeliest first; none where that takes thought.</summary>
    internal EquatableArray<Remedy> Remedies { get; init; }
}

/// <summary>Ids of the errors that a declaration itself can have. Those of its C# form stand in the generator.</summary>
static class ErrorIds
{
    public const string UnknownDepth = "RESNET005";
    public const string SizeOutOfRange = "RESNET006";
    public const string KernelTooLarge = "RESNET007";
    public const string ShrinksBelowOne = "RESNET008";
    public const string BranchesDiffer = "RESNET009";
    public const string GroupsDoNotDivide = "RESNET010";
    public const string DenseOnFeatureMaps = "RESNET011";
    public const string NoInput = "RESNET012";
    public const string SecondInput = "RESNET013";
    public const string EmptyNetwork = "RESNET014";
    public const string DuplicateName = "RESNET015";
    public const string OptionsContradict = "RESNET020";
    public const string WrongBuilder = "RESNET023";
    public const string AnchorTooLarge = "RESNET029";
    public const string NoFeatureMaps = "RESNET030";
}
