using ResNet.Runtime.Gpu.Binding;
using ResNet.Runtime.Gpu.Driver;

namespace ResNet.Runtime.Gpu.Tests;

/// <summary>Launches one by one, recordings, and launches from a recording.</summary>
public sealed class RecordingsTests : IDisposable
{
    readonly IlgpuDevice _backend = Backends.OpenInterpreter();
    readonly LaunchList _list;
    readonly Recordings _recordings;
    int _plain;

    public RecordingsTests()
    {
        _backend.Recorder = _list = new(_backend);
        _recordings = new(_backend);
    }

    public void Dispose() => _backend.Dispose();

    [Fact]
    public void TheFirstPassIsPlainTheSecondIsRecordedAndLaterOnesAreLaunchedFromThat()
    {
        AssertState(Run(8), plain: 1, recorded: 0, launched: 0);
        AssertState(Run(8), plain: 1, recorded: 1, launched: 1);
        AssertState(Run(8), plain: 1, recorded: 1, launched: 2);
        AssertState(Run(5), plain: 2, recorded: 1, launched: 2);
        AssertState(Run(8), plain: 2, recorded: 1, launched: 3);
        AssertState(Run(5), plain: 2, recorded: 2, launched: 4);
    }

    [Fact]
    public void WhenMemoryHasMovedAllBeginsAnew()
    {
        AssertState(Run(8, 8, 5, 5), plain: 2, recorded: 2, launched: 2);
        _recordings.Clear();
        Assert.Equal(0, _list.Alive);
        AssertState(Run(8), plain: 3, recorded: 2, launched: 2);
        AssertState(Run(8), plain: 3, recorded: 3, launched: 3);
    }

    [Fact]
    public void SizesThatComeOnceAreNotRecordedAndFewAreRemembered()
    {
        AssertState(Run([.. Enumerable.Range(1, 50)]), plain: 50, recorded: 0, launched: 0);
        Run([.. Enumerable.Range(1, 50).SelectMany(batch => new[] { batch, batch })]);
        Assert.InRange(_list.Alive, 1, 10);
    }

    [Theory, InlineData(true), InlineData(false)]
    public void WhereItFailsAllIsLaunchedPlainlyFromThenOnAndItIsSaidWhy(bool whileRecording)
    {
        (_list.FailsToRecord, _list.FailsToLaunch) = (whileRecording, !whileRecording);
        Run(8, 8);
        Assert.Equal(2, _plain);
        Assert.Equal(whileRecording ? "it cannot be recorded" : "it cannot be launched", _backend.WhyNotRecorded);
        Assert.Null(_backend.Recorder);
        Assert.Equal(0, _list.Alive);
        Run(8, 8, 8);
        Assert.Equal(5, _plain);
    }

    [Fact]
    public void APassThatFailsHasNotBeen()
    {
        Assert.Throws<InvalidOperationException>(() => _recordings.Run(8, () => throw new InvalidOperationException()));
        AssertState(Run(8), plain: 1, recorded: 0, launched: 0);
    }

    [Fact]
    public void WithoutARecorderAllIsPlain()
    {
        _backend.Recorder = null;
        Run(8, 8, 8);
        Assert.Equal((3, null), (_plain, _backend.WhyNotRecorded));
    }

    static void AssertState((int, int, int) state, int plain, int recorded, int launched) => Assert.Equal((plain, recorded, launched), state);

    /// <summary>Runs passes of these sizes.</summary>
    (int Plain, int Recorded, int Launched) Run(params int[] batches)
    {
        foreach (var batch in batches)
            _recordings.Run(batch, () =>
            {
                // While it is recorded nothing is executed.
                if (_backend.Diversion is null) _plain++;
            });
        return (_plain, _list.Lengths.Count, _list.Launched);
    }
}
