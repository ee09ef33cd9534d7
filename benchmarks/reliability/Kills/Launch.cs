using System.Diagnostics;
using ResNet.Reliability.Output;

namespace ResNet.Reliability.Kills;

/// <summary>The moment of a kill.</summary>
/// <param name="Place">The part of the run.</param>
/// <param name="Count">The number of the change of a file of that part, from 1; for steps, the number of the beginning of an epoch.</param>
/// <param name="Delay">The time after it.</param>
/// <param name="Grace">The time between asking the process to end, so that it saves within an epoch, and killing it; null to kill it at once.</param>
sealed record KillPlan(Place Place, int Count, TimeSpan Delay, TimeSpan? Grace = null);

/// <summary>The end of a process.</summary>
/// <param name="Fell">The part of the run in which it was killed; null if it ended by itself.</param>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Its last lines.</param>
/// <param name="StepSeconds">The time from the first log to the first image of a validation, or to the end.</param>
sealed record LaunchResult(Place? Fell, int ExitCode, string Output, double StepSeconds);

/// <summary>One process of a run, watched by its files, and killed when its plan says so.</summary>
sealed class Launch(ResNetTool tool, string run, IReadOnlyList<string> images, IReadOnlyList<string> arguments, KillPlan? plan)
{
    // Writes follow each other more closely than this: after a longer pause, steps are made.
    static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(3);
    static readonly TimeSpan _mostTime = TimeSpan.FromMinutes(5);

    readonly Stopwatch _time = Stopwatch.StartNew();
    Place _place = Place.Start;
    bool _isEnd, _wasAsked;
    int _seen;
    TimeSpan _lastEvent, _stepsFrom, _stepsTo;
    TimeSpan? _killAt;

    public LaunchResult Run()
    {
        Directory.CreateDirectory(run);
        using var events = new FileEvents(run, images);
        using var process = tool.Start(arguments);
        if (plan is { Place: Place.Start }) _killAt = _time.Elapsed + plan.Delay;
        var killed = false;
        while (!process.HasExited)
        {
            if (_time.Elapsed > _mostTime) throw new TimeoutException($"The process did not end within {_mostTime.TotalMinutes} minutes");
            var left = _killAt is { } at ? at - _time.Elapsed : TimeSpan.FromMilliseconds(20);
            // The last millisecond is waited for busily: timers are too coarse.
            foreach (var change in events.Wait((int)Math.Clamp(left.TotalMilliseconds - 1, 0, 20))) See(change);
            if (killed || _killAt is not { } time || _time.Elapsed < time) continue;
            if (plan!.Grace is { } grace && !_wasAsked)
            {
                _wasAsked = true;
                _killAt = _time.Elapsed + grace;
                FileEvents.Kill(process.Process.Id, ask: true);
                continue;
            }
            killed = true;
            FileEvents.Kill(process.Process.Id);
            process.Process.WaitForExit();
        }
        var end = _time.Elapsed;
        foreach (var change in events.Wait(0)) See(change);
        var wasKilled = killed && process.ExitCode == ResNetTool.Killed;
        return new(wasKilled ? Fell(end) : null, process.ExitCode, process.Output, ((_stepsTo > TimeSpan.Zero ? _stepsTo : end) - _stepsFrom).TotalSeconds);
    }

    /// <summary>Steps change no file: they are made if the last write ended a while ago.</summary>
    Place Fell(TimeSpan end) =>
        _place is Place.Csv or Place.TensorBoard or Place.Checkpoint or Place.BestEpochs && (_isEnd || _place is Place.Csv or Place.TensorBoard) && end - _lastEvent > _pause
            ? Place.Steps
            : _place;

    void See(FileEvent change)
    {
        // The validation's folders are listed, and images looked at, before the run begins.
        if (Places.Of(change) is not { } place || (place == Place.Validation && _place == Place.Start)) return;
        if (place == Place.TensorBoard && _stepsFrom == TimeSpan.Zero) _stepsFrom = _time.Elapsed;
        if (place == Place.Validation && _stepsTo == TimeSpan.Zero) _stepsTo = _time.Elapsed;
        (_place, _isEnd, _lastEvent) = (place, change.IsEnd, _time.Elapsed);
        if (plan is null || _killAt is not null) return;
        var isPlanned = plan.Place == Place.Steps
            // An epoch begins when the logs are open, or with a checkpoint.
            ? place == Place.TensorBoard || (place == Place.Checkpoint && change.IsEnd)
            : place == plan.Place;
        if (isPlanned && ++_seen == plan.Count) _killAt = _time.Elapsed + plan.Delay;
    }
}
