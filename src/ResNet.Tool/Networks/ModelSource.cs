using System.Diagnostics.CodeAnalysis;
using ResNet.Runtime;
using ResNet.Zoo;

namespace ResNet.Tool.Networks;

/// <summary>The model that a command line names: a classifier or a detector, of the zoo or out of a file.</summary>
/// <param name="Name">The model's name, or the path.</param>
abstract record ModelSource(string Name)
{
    /// <summary>The name.</summary>
    public sealed override string ToString() => Name;

    /// <summary>Finds the classifier or detector of a name or a path.</summary>
    /// <exception cref="ArgumentException">There is neither; the message has the names that it may have meant.</exception>
    public static ModelSource Find(string nameOrPath) =>
        DetectorModels.TryFind(nameOrPath, out _) || IsPath(nameOrPath) && IsDetector(nameOrPath) ? DetectorSource.Find(nameOrPath) : NetworkSource.Find(nameOrPath);

    /// <summary>Looks for the classifier or detector of a name or a path.</summary>
    public static bool TryFind(string nameOrPath, [NotNullWhen(true)] out ModelSource? source)
    {
        try
        {
            source = Find(nameOrPath);
            return true;
        }
        catch (ArgumentException)
        {
            source = null;
            return false;
        }
    }

    /// <summary>Finds the classifier or detector of the zoo that a name stands for.</summary>
    /// <exception cref="ArgumentException">There is none; the message has the names that it may have meant.</exception>
    public static ModelSource FindInZoo(string name) =>
        DetectorModels.TryFind(name, out var detector) ? new DetectorSource(detector.Name, detector) : NetworkSource.Of(Models.Find(name));

    /// <summary>Whether a text is meant as a path; that there is something is said when it is opened.</summary>
    private protected static bool IsPath(string text) =>
        Path.Exists(text) || text.AsSpan().ContainsAny(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar) || Path.HasExtension(text);

    static bool IsDetector(string path)
    {
        try
        {
            return Detector.CanOpen(path);
        }
        catch (Exception e) when (e is WeightsException or IOException or UnauthorizedAccessException)
        {
            // Opening it says what is wrong.
            return false;
        }
    }
}
