namespace ResNet.Tool.Output;

/// <summary>The result of a file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Error">The reason why there is none; null if there is one.</param>
abstract record FileResult(string Path, string? Error);

/// <summary>Writes the results of files, each as it comes.</summary>
abstract class ResultWriter<T> where T : FileResult
{
    public abstract void Write(T file);

    /// <summary>Writes what stands after the last file.</summary>
    public virtual void End()
    {
    }
}

/// <summary>Results of files on their way to the output.</summary>
static class FileResults
{
    /// <summary>Writes results, errors and progress as they come.</summary>
    /// <param name="files">The results.</param>
    /// <param name="count">Their number, if it is known.</param>
    /// <param name="results">Writes a result.</param>
    /// <param name="streams">For errors and progress.</param>
    /// <param name="title">The present activity: <c>Classifying</c>.</param>
    /// <param name="done">The finished activity: <c>Classified</c>.</param>
    /// <returns>The exit code: 1 if a file has no result.</returns>
    public static async Task<int> WriteAsync<T>(IAsyncEnumerable<T> files, int? count, ResultWriter<T> results, Streams streams, string title, string done) where T : FileResult
    {
        // Results that scroll by on a terminal are progress enough; a bar would come between them.
        var failed = streams.IsErrorTerminal && !streams.IsOutTerminal
            ? await Progress.RunAsync(streams, title, report => WriteAsync(files, results, (number, error) => report(new(
                number, count, $"{done} {number}{(count is null ? "" : $" of {count}")} images", error is null ? null : Streams.ErrorLine(error)))))
            : await WriteAsync(files, results, (_, error) =>
            {
                if (error is not null) streams.WriteError(error);
            });
        results.End();
        return failed > 0 ? 1 : 0;
    }

    static async Task<int> WriteAsync<T>(IAsyncEnumerable<T> files, ResultWriter<T> results, Action<int, string?> onFile) where T : FileResult
    {
        var (done, failed) = (0, 0);
        await foreach (var file in files)
        {
            results.Write(file);
            onFile(++done, file.Error);
            // One bad image does not keep the others from having a result.
            if (file.Error is not null) failed++;
        }
        return failed;
    }
}
