using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ResNet.Reliability.Output;
using ResNet.Runtime;
using ResNet.Runtime.Training;

namespace ResNet.Reliability.Kills;

/// <summary>
/// Kills training runs of the tool, over and over, and resumes them. A finished run has to leave the same as an undisturbed one: weights, state of the
/// optimizer and logs, bit for bit, and no other file.
/// </summary>
/// <param name="tool">The tool.</param>
/// <param name="folder">A folder for pictures and runs, which is new.</param>
/// <param name="kills">Kills after which it ends.</param>
/// <param name="limit">The time after which it ends in any case.</param>
/// <param name="seed">Decides settings and moments.</param>
/// <param name="output">Gets the progress.</param>
sealed class KillCampaign(ResNetTool tool, string folder, int kills, TimeSpan limit, int seed, TextWriter output)
{
    /// <summary>Settings of runs, which together use all parts of a checkpoint: each optimizer's state, an average, accumulated and mixed batches, the best epochs.</summary>
    static readonly string[] _settings =
    [
        "--optimizer sgd --best-k 2 --average 0.9",
        "--optimizer adamw --best-k 1 --mixup 0.2 --accumulate 2",
        "--optimizer lamb --best-k 3 --cutmix 1 --schedule cosine",
    ];

    readonly KillPlanner _planner = new(seed);
    readonly Stopwatch _time = Stopwatch.StartNew();
    readonly Dictionary<string, SortedDictionary<string, string>> _undisturbed = [];
    readonly List<string> _failures = [];
    double _stepSeconds, _startSeconds;
    int _runs, _equal, _resumed, _longest;

    /// <summary>Runs the campaign.</summary>
    /// <returns>Whether nothing was lost.</returns>
    public bool Run()
    {
        var pictures = Pictures.Write(Path.Combine(folder, "pictures"));
        var images = Directory.GetDirectories(pictures.Validation);
        while (_planner.Kills < kills && _time.Elapsed < limit)
        {
            var settings = _settings[_runs % _settings.Length];
            string[] train = ["train", "cifar-resnet20", "--data", pictures.Train, "--validation", pictures.Validation, "--image-size", "16", "--epochs", "4", "--batch", "8",
                "--recipe", "fast-cifar", "--threads", "1", "--seed", "7", .. settings.Split(' ')];
            if (!_undisturbed.ContainsKey(settings)) _undisturbed[settings] = Undisturbed(train, images);
            Disturb(train, images, _undisturbed[settings]);
        }
        Tell();
        return _failures.Count == 0 && _planner.Kills >= kills;
    }

    SortedDictionary<string, string> Undisturbed(string[] train, string[] images)
    {
        var run = Path.Combine(folder, $"undisturbed-{_undisturbed.Count}");
        var timer = Stopwatch.StartNew();
        var result = new Launch(tool, run, images, [.. train, "--out", run], plan: null).Run();
        if (result.ExitCode != 0) throw new InvalidOperationException($"An undisturbed run failed:\n{result.Output}");
        (_stepSeconds, _startSeconds) = (result.StepSeconds, Math.Max(0.1, timer.Elapsed.TotalSeconds / 2));
        return RunContent.Read(run);
    }

    /// <summary>Kills one run as often as planned, and compares it when it is over.</summary>
    void Disturb(string[] train, string[] images, SortedDictionary<string, string> expected)
    {
        var run = Path.Combine(folder, $"run-{_runs++:D4}");
        var (killsLeft, killed, step) = (_planner.KillsOfRun(), 0, 0L);
        while (_time.Elapsed < limit)
        {
            var canResume = File.Exists(Path.Combine(run, TrainingCheckpoint.Last));
            var plan = killed < killsLeft && _planner.Kills < kills ? _planner.Next(_stepSeconds, _startSeconds, canResume) : null;
            var result = new Launch(tool, run, images, canResume ? ["train", "cifar-resnet20", "--out", run, "--resume", "--threads", "1"] : [.. train, "--out", run], plan).Run();
            if (canResume) _resumed++;
            if (result.Fell is { } fell)
            {
                _planner.Fell[fell]++;
                killed++;
                _longest = Math.Max(_longest, killed);
            }
            // A run that was asked to end, and was faster than the signal, continues like any other.
            else if (result.ExitCode is not (0 or 130))
            {
                Fail(run, $"{plan}: exit code {result.ExitCode}: {result.Output}");
                return;
            }
            try
            {
                var now = RunContent.Check(run);
                if (now < step) throw new InvalidDataException($"the checkpoint is of step {now}, an earlier one was of {step}");
                step = now;
            }
            catch (Exception e) when (e is WeightsException or JsonException or InvalidDataException)
            {
                Fail(run, $"after a kill in {result.Fell} ({plan}): {e.Message}");
                return;
            }
            if (result is { Fell: null, ExitCode: 0 }) break;
        }
        if (_time.Elapsed >= limit) return;
        var differences = RunContent.Differences(expected, RunContent.Read(run));
        if (differences.Count > 0)
        {
            Fail(run, $"after {killed} kills: {string.Join("; ", differences)}");
            return;
        }
        _equal++;
        Directory.Delete(run, recursive: true);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_time.Elapsed:hh\\:mm\\:ss}  run {_runs}: {killed} kills, equal; {_planner.Kills} of {kills} in all"));
    }

    void Fail(string run, string what)
    {
        _failures.Add($"{run}: {what}");
        output.WriteLine($"FAILED  {_failures[^1]}");
    }

    void Tell()
    {
        output.WriteLine();
        output.WriteLine("| killed during | kills |");
        output.WriteLine("|---|---:|");
        foreach (var (place, count) in _planner.Fell) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {Places.Text(place)} | {count} |"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"\n{_planner.Kills} kills of {_runs} runs, at most {_longest} of one run; {_resumed} resumptions; {_equal} runs equal the undisturbed one bit for bit, {_failures.Count} failed; seed {seed}; {_time.Elapsed:hh\\:mm\\:ss}"));
    }
}
