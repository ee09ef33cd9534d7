using System.Text.Json;
using ResNet.Runtime;

namespace ResNet.Tool.Tests;

/// <summary><c>resnet classify</c> of folders, patterns and lists.</summary>
public sealed class ClassifyManyTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly string _weights;

    public ClassifyManyTests() => _weights = Tool.SaveResNet20(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_folder_is_taken_with_all_below_but_what_is_hidden()
    {
        string[] expected = [Draw("photos/a.png"), Draw("photos/b/c/d.PNG"), Draw("photos/b/e.png"), Draw("photos/f.jpeg")];
        Draw("photos/.hidden.png");
        Draw("photos/.git/x.png");
        _folder.Write("photos/notes.txt", "not an image");
        var records = await ClassifyLinesAsync(_folder.File("photos"));
        Assert.Equal(expected, records.Select(File));
        Assert.All(records, record => Assert.Equal(2, record.GetProperty("predictions").GetArrayLength()));
    }

    [Fact]
    public async Task A_link_back_is_not_followed()
    {
        var image = Draw("photos/b/a.png");
        Directory.CreateSymbolicLink(_folder.File("photos/b/back"), _folder.File("photos"));
        Assert.Equal([image], (await ClassifyLinesAsync(_folder.File("photos"))).Select(File));
        Assert.Equal([image], (await ClassifyLinesAsync(_folder.File("photos/**/*.png"))).Select(File));
    }

    [Theory]
    [InlineData("photos/*.png", "photos/a.png photos/b.png")]
    [InlineData("photos/**/*.png", "photos/a.png photos/b.png photos/c/d.png photos/c/e/a.png")]
    [InlineData("photos/c/**/*", "photos/c/d.png photos/c/e/a.png")]
    [InlineData("photos/**/a.*", "photos/a.png photos/c/e/a.png")]
    [InlineData("*/c/*.png", "photos/c/d.png")]
    [InlineData("photos/c/../*.png", "photos/c/../a.png photos/c/../b.png")]
    public async Task A_pattern_takes_what_matches(string pattern, string expected)
    {
        foreach (var name in (string[])["photos/a.png", "photos/b.png", "photos/c/d.png", "photos/c/e/a.png", "photos/c/.hidden.png"]) Draw(name);
        var records = await ClassifyLinesAsync(_folder.File(pattern));
        Assert.Equal(expected, string.Join(' ', records.Select(record => File(record)[(_folder.Path.Length + 1)..])));
    }

    [Fact]
    public async Task A_file_whose_name_has_a_star_is_a_file()
    {
        var star = Draw("a*.png");
        Draw("ab.png");
        Assert.Equal([star], (await ClassifyLinesAsync(star)).Select(File));
    }

    [Fact]
    public async Task A_list_on_the_standard_input_names_files_and_folders()
    {
        var (one, two) = (Draw("one.png"), Draw("folder/two.png"));
        var (exitCode, output, error) = await RunAsync($"{one}\n\n{_folder.File("folder")}\n", "-", "--format", "jsonl");
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Equal([one, two], Records(output).Select(File));
    }

    [Fact]
    public async Task Results_come_while_the_list_goes_on()
    {
        var image = Draw("one.png");
        using var input = new Waiting(image);
        using var output = new StringWriter();
        var run = Task.Run(() => ResNetCommand.RunAsync(
            ["classify", "cifar-resnet20", "-", "--weights", _weights, "--format", "jsonl"], new(TextWriter.Synchronized(output), TextWriter.Null) { In = input }));
        // The first answer asks for nothing but the first line.
        for (var i = 0; i < 600 && !input.IsAskedAgain; i++) await Task.Delay(100);
        for (var i = 0; i < 600 && output.ToString().Length == 0; i++) await Task.Delay(100);
        Assert.Contains(image, output.ToString(), StringComparison.Ordinal);
        input.End();
        Assert.Equal(0, await run);
    }

    [Fact]
    public async Task Order_is_kept_and_broken_files_are_records_and_errors()
    {
        List<string> files = [.. Enumerable.Range(0, 50).Select(index => Draw($"many/{index:00}.png", index))];
        foreach (var broken in (int[])[0, 7, 20, 49]) _folder.Write($"many/{broken:00}.png", "no image");
        var none = _folder.File("none.png");
        var (exitCode, output, error) = await RunAsync("", _folder.File("many"), none, "--format", "jsonl", "--batch", "8");
        Assert.Equal(1, exitCode);
        var records = Records(output);
        Assert.Equal([.. files, none], records.Select(File));
        var failed = records.Where(record => record.TryGetProperty("error", out _)).ToList();
        Assert.Equal([files[0], files[7], files[20], files[49], none], failed.Select(File));
        Assert.All(failed, record => Assert.False(record.TryGetProperty("predictions", out _)));
        Assert.Equal(failed.Select(record => $"error: {record.GetProperty("error").GetString()}"), error.TrimEnd().Split('\n'));
        Assert.All(failed, record => Assert.Contains(File(record), record.GetProperty("error").GetString(), StringComparison.Ordinal));
    }

    /// <summary>Whatever batches an image is part of, it is the same.</summary>
    [Fact]
    public async Task Batches_change_no_answer()
    {
        for (var index = 0; index < 20; index++) Draw($"many/{index:00}.png", index);
        var (_, alone, _) = await RunAsync("", _folder.File("many"), "--format", "csv", "--batch", "1");
        var (_, together, _) = await RunAsync("", _folder.File("many"), "--format", "csv", "--batch", "7");
        var (one, other) = (alone.Split('\n'), together.Split('\n'));
        Assert.Equal(1 + 20 * 5 + 1, one.Length);
        Assert.Equal(one.Select(Names), other.Select(Names));
        Assert.All(one[1..^1].Zip(other[1..^1]), pair => Assert.Equal(Probability(pair.First), Probability(pair.Second), 5));
        Assert.True(one[1..^1].Select(Probability).Distinct().Count() > 20);

        static string Names(string row) => string.Join(',', row.Split(',').Take(4));
        static double Probability(string row) => double.Parse(row.Split(',')[4], System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task CSV_quotes_what_has_to_be()
    {
        var (image, broken) = (Draw("a, \"b\".png"), _folder.Write("c,d.png", "no image"));
        var (exitCode, output, _) = await RunAsync("", image, broken, "--format", "csv", "--top", "2");
        Assert.Equal(1, exitCode);
        var rows = output.TrimEnd().Split('\n');
        Assert.Equal(4, rows.Length);
        Assert.Equal("file,rank,class,label,probability,error", rows[0]);
        Assert.Matches($"^\"{System.Text.RegularExpressions.Regex.Escape(image.Replace("\"", "\"\""))}\",1,\\d,[a-z]+,[0-9.E-]+,$", rows[1]);
        Assert.StartsWith($"\"{broken}\",,,,,\"{broken}: ", rows[3], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("empty", "expected images")]
    [InlineData("none/*.png", "no file matches")]
    [InlineData("none", "find")]
    public async Task A_name_that_stands_for_no_file_is_an_error(string name, string expected)
    {
        Directory.CreateDirectory(_folder.File("empty"));
        var (exitCode, output, error) = await RunAsync("", _folder.File(name), Draw("good.png"));
        Assert.Equal(1, exitCode);
        Assert.StartsWith(_folder.File("good.png"), output, StringComparison.Ordinal);
        Assert.StartsWith("error: ", error, StringComparison.Ordinal);
        Assert.Contains(_folder.File(name), error, StringComparison.Ordinal);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Progress_is_shown_on_a_terminal_alone()
    {
        for (var index = 0; index < 5; index++) Draw($"many/{index}.png", index);
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await ResNetCommand.RunAsync(
            ["classify", "cifar-resnet20", _folder.File("many"), _folder.File("none.png"), "--weights", _weights, "--format", "jsonl"], new(output, error, IsErrorTerminal: true));
        Assert.Equal(1, exitCode);
        Assert.Equal(6, Records(output.ToString()).Count);
        Assert.Contains("none.png", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_ends_a_list_without_end()
    {
        using var input = new Waiting(Draw("one.png"));
        using var cancellation = new CancellationTokenSource();
        using var error = new StringWriter();
        var run = Task.Run(() => ResNetCommand.RunAsync(["classify", "cifar-resnet20", "-", "--weights", _weights], new(TextWriter.Null, error) { In = input }, cancellation.Token));
        for (var i = 0; i < 600 && !input.IsAskedAgain; i++) await Task.Delay(100);
        await cancellation.CancelAsync();
        Assert.Equal(130, await run.WaitAsync(TimeSpan.FromMinutes(1)));
        Assert.Contains("cancelled", error.ToString(), StringComparison.Ordinal);
        input.End();
    }

    [Fact]
    public async Task Formats_that_exclude_each_other_or_do_not_exist_are_refused()
    {
        var image = Draw("one.png");
        Assert.Contains("exclude", await Tool.RunFailingAsync(2, "classify", "cifar-resnet20", image, "--json", "--format", "csv"), StringComparison.Ordinal);
        Assert.Contains("xml", await Tool.RunFailingAsync(2, "classify", "cifar-resnet20", image, "--format", "xml"), StringComparison.Ordinal);
    }

    /// <summary>An image whose answer depends on the number.</summary>
    string Draw(string name, int number = 0)
    {
        var pixels = new byte[3 * 32 * 32];
        new Random(number).NextBytes(pixels);
        _folder.Write(name, []);
        Image.FromRgb(32, 32, pixels).SavePng(_folder.File(name));
        return _folder.File(name);
    }

    async Task<(int ExitCode, string Out, string Error)> RunAsync(string input, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var reader = new StringReader(input);
        var exitCode = await ResNetCommand.RunAsync(["classify", "cifar-resnet20", .. args, "--weights", _weights], new(output, error) { In = reader });
        return (exitCode, output.ToString().ReplaceLineEndings("\n"), error.ToString().ReplaceLineEndings("\n"));
    }

    async Task<IReadOnlyList<JsonElement>> ClassifyLinesAsync(params string[] names)
    {
        var (exitCode, output, error) = await RunAsync("", [.. names, "--format", "jsonl", "--top", "2"]);
        Assert.Equal((0, ""), (exitCode, error));
        return Records(output);
    }

    static List<JsonElement> Records(string output) => [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    static string File(JsonElement record) => record.GetProperty("file").GetString()!;

    /// <summary>An input of one line, after which there is nothing until it is said to have ended.</summary>
    sealed class Waiting(string line) : TextReader
    {
        readonly ManualResetEventSlim _end = new();
        string? _line = line;

        public bool IsAskedAgain { get; private set; }

        public void End() => _end.Set();

        public override string? ReadLine()
        {
            if (Interlocked.Exchange(ref _line, null) is { } first) return first;
            IsAskedAgain = true;
            _end.Wait(TimeSpan.FromMinutes(2));
            return null;
        }
    }
}
