namespace ResNet.Generators.Names;

/// <summary>Names in the compiled half of a class, which the user's half cannot declare as well.</summary>
static class GeneratedMembers
{
    public const string InputChannels = "InputChannels";
    public const string InputHeight = "InputHeight";
    public const string InputWidth = "InputWidth";
    public const string ClassCount = "ClassCount";
    public const string ParameterCount = "ParameterCount";
    public const string MultiplyAdds = "MultiplyAdds";
    public const string ArenaElements = "ArenaElements";
    public const string TrainingArenaElements = "TrainingArenaElements";

    /// <summary>The nested class that holds everything that is no member users see.</summary>
    public const string Compiled = "Compiled";

    /// <summary>A detector's nested network from an image to feature maps and proposals.</summary>
    public const string TrunkNetwork = "TrunkNetwork";

    /// <summary>A detector's nested network from regions to classes and boxes.</summary>
    public const string HeadNetwork = "HeadNetwork";

    /// <summary>The members of a detector.</summary>
    public static readonly IReadOnlyCollection<string> OfDetector = [ClassCount, ParameterCount, TrunkNetwork, HeadNetwork, Compiled];

    /// <summary>The members of a network, and those of the base class that generated code calls by their bare names.</summary>
    public static readonly IReadOnlyCollection<string> OfNetwork =
    [
        InputChannels, InputHeight, InputWidth, ClassCount, ParameterCount, MultiplyAdds, ArenaElements,
        TrainingArenaElements, Compiled, RuntimeNames.Definition, RuntimeNames.ProgramFormat, RuntimeNames.Infer, RuntimeNames.Train, RuntimeNames.Recomputes, RuntimeNames.Then,
    ];
}
