using Microsoft.CodeAnalysis.Editing;

namespace ResNet.Generators.CodeFixes;

/// <summary>One way to correct a diagnostic.</summary>
/// <param name="Title">Text in the editor's menu.</param>
/// <param name="Key">The same for all diagnostics that it corrects in the same way, so that all can be corrected at once.</param>
/// <param name="Apply">Makes the change. Several changes of one document share an editor.</param>
sealed record Edit(string Title, string Key, Action<SyntaxEditor> Apply)
{
    /// <summary>An edit whose title distinguishes it from all others.</summary>
    public Edit(string title, Action<SyntaxEditor> apply) : this(title, title, apply)
    {
    }
}
