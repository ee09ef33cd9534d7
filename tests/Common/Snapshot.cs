using System.Runtime.CompilerServices;
#if VERIFY
using VerifyTests;
using VerifyXunit;
#else
using System.Text;
#endif

namespace ResNet.Tests;

/// <summary>
/// Compares texts with files in the folder <c>Snapshots</c> beside the test: <c>Class.Method_name=value#File.verified.cs</c>.
/// Verify.Xunit does that where it can be restored; elsewhere the few lines below do, with the same files and the same rules:
/// what differs is written to a <c>.received.cs</c>, which becomes the snapshot when it is renamed.
/// One call per test, in a top-level class named as its file.
/// </summary>
static class Snapshot
{
    /// <summary>Checks C# files.</summary>
    /// <param name="files">Names, unique within the test, and texts.</param>
    /// <param name="parameter">The theory's parameter, if the test is one.</param>
    public static Task Verify(IEnumerable<(string Name, string Text)> files, (string Name, string Value)? parameter = null,
        [CallerFilePath] string source = "", [CallerMemberName] string method = "")
    {
#if VERIFY
        var settings = new VerifySettings();
        settings.UseDirectory("Snapshots");
        if (parameter is { } given) settings.UseParameters(given.Value);
        return Verifier.Verify(files.Select(file => new Target("cs", file.Text, file.Name)), settings, source);
#else
        var test = $"{Path.GetFileNameWithoutExtension(source)}.{method}{(parameter is { } given ? $"_{given.Name}={Clean(given.Value)}" : "")}";
        var folder = Path.Combine(Path.GetDirectoryName(source)!, "Snapshots");
        Directory.CreateDirectory(folder);
        foreach (var old in Directory.GetFiles(folder, test + "#*.received.cs")) File.Delete(old);

        var problems = new List<string>();
        var stale = Directory.GetFiles(folder, test + "#*.verified.cs").ToHashSet();
        foreach (var (name, text) in files)
        {
            var verified = Path.Combine(folder, $"{test}#{name}.verified.cs");
            stale.Remove(verified);
            var expected = File.Exists(verified) ? Normalize(File.ReadAllText(verified)) : null;
            var actual = Normalize(text);
            if (actual == expected || actual + "\n" == expected) continue;
            var received = verified.Replace(".verified.", ".received.", StringComparison.Ordinal);
            File.WriteAllText(received, actual, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
            problems.Add(expected is null ? $"New: {received}" : $"{received}\n{FirstDifference(expected, actual)}");
        }
        problems.AddRange(stale.Select(file => $"No longer written: {file}"));
        return problems.Count == 0 ? Task.CompletedTask : throw new Xunit.Sdk.XunitException(string.Join("\n", problems));
#endif
    }

#if !VERIFY
    static string Clean(string value) => string.Concat(value.Select(c => "\"\\<>|:*?/".Contains(c, StringComparison.Ordinal) ? '-' : c));

    static string Normalize(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).TrimStart('\uFEFF');

    static string FirstDifference(string expected, string actual)
    {
        var (old, now) = (expected.Split('\n'), actual.Split('\n'));
        var line = Enumerable.Range(0, Math.Max(old.Length, now.Length)).First(i => i >= old.Length || i >= now.Length || old[i] != now[i]);
        return $"Line {line + 1}\n  expected: {old.ElementAtOrDefault(line)}\n  actual:   {now.ElementAtOrDefault(line)}";
    }
#endif
}
