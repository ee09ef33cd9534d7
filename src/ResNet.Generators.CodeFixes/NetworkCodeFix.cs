using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Editing;

namespace ResNet.Generators.CodeFixes;

/// <summary>The base of the fixes: each fix finds the edits of a diagnostic, and the base offers them, for one place or for all.</summary>
/// <param name="ids">Ids of the diagnostics that it corrects.</param>
public abstract class NetworkCodeFix(params string[] ids) : CodeFixProvider
{
    /// <inheritdoc/>
    public sealed override ImmutableArray<string> FixableDiagnosticIds { get; } = [.. ids];

    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => FixAllProvider.Create(FixAllAsync);

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            foreach (var edit in await FindAsync(context.Document, diagnostic, context.CancellationToken).ConfigureAwait(false))
            {
                var action = CodeAction.Create(edit.Title, cancellationToken => ApplyAsync(context.Document, [edit], cancellationToken), edit.Key);
                context.RegisterCodeFix(action, diagnostic);
            }
        }
    }

    /// <summary>Finds the edits that would each correct a diagnostic, the likeliest first.</summary>
    /// <param name="place">The diagnostic and its place.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    private protected abstract IEnumerable<Edit> Find(Place place, CancellationToken cancellationToken);

    async Task<IEnumerable<Edit>> FindAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        var root = await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false);
        var model = await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false);
        return root is null || model is null ? [] : Find(new(diagnostic, root.FindNode(diagnostic.Location.SourceSpan), model), cancellationToken);
    }

    static async Task<Document> ApplyAsync(Document document, IEnumerable<Edit> edits, CancellationToken cancellationToken)
    {
        var editor = await DocumentEditor.CreateAsync(document, cancellationToken).ConfigureAwait(false);
        foreach (var edit in edits) edit.Apply(editor);
        return editor.GetChangedDocument();
    }

    async Task<Document?> FixAllAsync(FixAllContext context, Document document, ImmutableArray<Diagnostic> diagnostics)
    {
        var edits = new List<Edit>();
        foreach (var diagnostic in diagnostics)
            edits.AddRange((await FindAsync(document, diagnostic, context.CancellationToken).ConfigureAwait(false)).Where(edit => edit.Key == context.CodeActionEquivalenceKey));
        return await ApplyAsync(document, edits, context.CancellationToken).ConfigureAwait(false);
    }
}
