namespace ResNet.Reports.Tests;

/// <summary>A fact that needs Chromium: the one that <c>CHROMIUM</c> names, or one on the path.</summary>
sealed class ChromiumFactAttribute : FactAttribute
{
    static readonly string[] _names = ["chromium", "chromium-browser", "google-chrome"];

    public ChromiumFactAttribute() => Skip = Chromium is null ? "there is no Chromium on the path" : null;

    public static string? Chromium { get; } = Environment.GetEnvironmentVariable("CHROMIUM") ?? (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator).SelectMany(folder => _names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
}
