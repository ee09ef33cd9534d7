using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using ResNet.Dsl;

namespace ResNet.Generators.Diagnostics;

/// <summary>The form in which a diagnostic carries its remedies to the code fixes: lines of one property, <c>argument=value</c> or an argument alone.</summary>
internal static class RemedyProperties
{
    const string Key = "Remedies";
    const char Line = '\n', Sign = '=';

    /// <summary>The properties of a diagnostic; empty if no single edit would correct it.</summary>
    public static ImmutableDictionary<string, string?> Write(EquatableArray<Remedy> remedies) => remedies.Count == 0
        ? ImmutableDictionary<string, string?>.Empty
        : ImmutableDictionary<string, string?>.Empty.Add(Key, string.Join($"{Line}", remedies.Select(remedy => remedy.Value is null ? remedy.Argument : $"{remedy.Argument}{Sign}{remedy.Value}")));

    /// <summary>The remedies that a diagnostic carries.</summary>
    public static IEnumerable<Remedy> Read(Diagnostic diagnostic) =>
        from line in diagnostic.Properties.TryGetValue(Key, out var lines) ? lines!.Split(Line) : []
        let sign = line.IndexOf(Sign)
        select sign < 0 ? Remedy.LeaveOut(line) : new Remedy(line.Substring(0, sign), line.Substring(sign + 1));
}
