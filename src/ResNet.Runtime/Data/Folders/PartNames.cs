using System.Text.RegularExpressions;

namespace ResNet.Runtime.Data.Folders;

/// <summary>The names that parts of a data set have, as folders and within names of files. Case makes no difference.</summary>
static partial class PartNames
{
    static readonly string[] _test = ["test", "testing", "eval", "evaluation"], _validation = ["val", "valid", "validation", "dev"];

    /// <summary>Names of the images to train on.</summary>
    public static string[] Train { get; } = ["train", "training"];

    /// <summary>Names of the images that no network is trained on, the best first.</summary>
    public static string[] Test { get; } = [.. _test, .. _validation];

    /// <summary>Names of the images to validate on while a network is trained, the best first.</summary>
    public static string[] Validation { get; } = [.. _validation, .. _test];

    public static bool IsTrain(string name) => Train.Contains(name, StringComparer.OrdinalIgnoreCase);

    public static bool IsPart(string name) => IsTrain(name) || Test.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The first word of a name that is a part's, as in <c>train-00000-of-00002</c> and <c>val2017</c>; null if there is none.</summary>
    public static string? FirstIn(string name) => Words().Matches(name).Select(word => word.Value).FirstOrDefault(IsPart);

    [GeneratedRegex("[A-Za-z]+", RegexOptions.CultureInvariant)]
    private static partial Regex Words();
}
