using System.Reflection;

namespace ResNet.Tests;

/// <summary>
/// Real weights, images and reference results that stand beside a checkout, in <c>../shared/data</c>.
/// They are not part of the project: tests that read them are skipped, visibly, where they are absent.
/// </summary>
static class SharedData
{
    /// <summary>The folder that holds ResNet.Dsl.sln.</summary>
    public static string Root { get; } = FindRoot();

    public static string Folder => Path.Combine(Root, "..", "shared", "data");

    public static bool Exists => Directory.Exists(Folder);

    public static string File(params string[] parts) => Path.Combine([Folder, .. parts]);

    static string FindRoot()
    {
        var folder = Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location);
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder, "ResNet.Dsl.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException("ResNet.Dsl.sln stands in no folder above the test assembly.");
    }
}

/// <summary>A fact that needs <see cref="SharedData"/>.</summary>
sealed class SharedDataFactAttribute : FactAttribute
{
    public SharedDataFactAttribute() => Skip = SharedData.Exists ? null : "../shared/data is absent";
}

/// <summary>A theory that needs <see cref="SharedData"/>.</summary>
sealed class SharedDataTheoryAttribute : TheoryAttribute
{
    public SharedDataTheoryAttribute() => Skip = SharedData.Exists ? null : "../shared/data is absent";
}
