using System.Security.Cryptography;
using ResNet.Reliability.Kills;
using ResNet.Reliability.Output;
using ResNet.Runtime.Training;

namespace ResNet.Reliability.Faults;

/// <summary>
/// Faults of a training run. Each case kills a run after its first checkpoint, causes the fault, continues the run, and checks that the error names
/// the fault, that the checkpoint is whole and no older than before, and that the run comes to the bits of the undisturbed one when the fault is over.
/// </summary>
sealed class TrainingFaults
{
    const string Model = "cifar-resnet20";

    readonly ResNetTool _tool;
    readonly string _folder;
    readonly (string Train, string Validation) _pictures;
    readonly SortedDictionary<string, string> _undisturbed;

    public TrainingFaults(ResNetTool tool, string folder)
    {
        (_tool, _folder) = (tool, folder);
        _pictures = Pictures.Write(Path.Combine(folder, "pictures"));
        var run = Path.Combine(folder, "undisturbed");
        Succeed(Train(run));
        _undisturbed = RunContent.Read(run);
    }

    public string DiskFull()
    {
        using var disk = new Mount(Path.Combine(_folder, "full"), megabytes: 32);
        var run = Path.Combine(_folder, "full", "run");
        BeginRun(run);
        var messages = new List<string>();
        // From no space at all to space for all files but the last.
        foreach (var free in (ReadOnlySpan<long>)[0, 8 << 10, 200 << 10, 1200 << 10, 2500 << 10, 4000 << 10])
        {
            var before = Checkpoint(run);
            disk.Fill(but: free);
            messages.Add(Fail(Resume(run), "No space left"));
            CheckKept(run, before);
        }
        disk.Free();
        Complete(run);
        return $"{messages.Count} amounts of free space, \"{messages[0]}\"; equal to the undisturbed run once there is space";
    }

    public string ReadOnly()
    {
        using var disk = new Mount(Path.Combine(_folder, "read-only"), megabytes: 32);
        var run = Path.Combine(_folder, "read-only", "run");
        BeginRun(run);
        var before = Checkpoint(run);
        disk.SetReadOnly(true);
        var message = Fail(Resume(run), "Read-only");
        Fail(Train(Path.Combine(_folder, "read-only", "other")), "Read-only");
        CheckKept(run, before);
        disk.SetReadOnly(false);
        Complete(run);
        return $"\"{message}\"; equal once it can be written";
    }

    public string PicturesVanish()
    {
        var run = Path.Combine(_folder, "vanished-pictures");
        BeginRun(run);
        var before = Checkpoint(run);
        var away = _pictures.Validation + ".away";
        var logs = Directory.GetFiles(run, "events.*").Length;
        using var process = _tool.Start(Resume(run));
        // The folder has been read when the logs are opened.
        while (!process.HasExited && Directory.GetFiles(run, "events.*").Length == logs) Thread.Sleep(1);
        Directory.Move(_pictures.Validation, away);
        process.Process.WaitForExit();
        Directory.Move(away, _pictures.Validation);
        var message = Expect(process, "validation");
        CheckKept(run, before);
        Complete(run);
        return $"\"{message}\"; equal once they are back";
    }

    public string WeightsVanish()
    {
        var weights = Path.Combine(_folder, "vanishing.safetensors");
        File.Copy(Path.Combine(_folder, "undisturbed", TrainingCheckpoint.Best), weights, overwrite: true);
        var picture = Directory.GetFiles(_pictures.Train, "*.png", SearchOption.AllDirectories)[0];
        string[] classify = ["classify", weights, picture];
        Succeed(classify);
        File.Delete(weights);
        return $"\"{Fail(classify, weights)}\"";
    }

    public string CheckpointVanishes()
    {
        var run = Path.Combine(_folder, "vanished-checkpoint");
        BeginRun(run);
        File.Delete(Path.Combine(run, TrainingCheckpoint.Last));
        var message = Fail(Resume(run), "without --resume");
        Succeed(Train(run));
        CheckEqual(run);
        return $"\"{message}\"; equal after a new start";
    }

    public string ClockJumps()
    {
        var library = Directory.EnumerateFiles("/usr/lib", "libfaketimeMT.so.1", new EnumerationOptions { RecurseSubdirectories = true }).FirstOrDefault()
            ?? throw new SkippedException("libfaketime is missing (apt install faketime)");
        string[] clocks = ["-365d", "+365d", "@2000-01-01 00:00:00"];
        var run = Path.Combine(_folder, "clock");
        BeginRun(run);
        foreach (var clock in clocks)
        {
            var before = Checkpoint(run);
            // The clock of the day jumps; the one that measures durations cannot.
            using var process = _tool.Start(Resume(run), new Dictionary<string, string> { ["LD_PRELOAD"] = library, ["FAKETIME"] = clock, ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1" });
            // Killed after the next checkpoint or, with the last clock, left alone.
            while (clock != clocks[^1] && !process.HasExited && Checkpoint(run).Hash == before.Hash) Thread.Sleep(1);
            if (clock != clocks[^1]) process.Process.Kill();
            process.Process.WaitForExit();
            CheckKept(run, before);
        }
        CheckEqual(run);
        return "a year back, a year ahead, back to the year 2000, a process each: equal to the undisturbed run";
    }

    string[] Train(string run) =>
    [
        "train", Model, "--data", _pictures.Train, "--validation", _pictures.Validation, "--image-size", "16", "--epochs", "4", "--batch", "8", "--recipe", "fast-cifar",
        "--threads", "1", "--seed", "7", "--optimizer", "adamw", "--average", "0.9", "--best-k", "2", "--out", run,
    ];

    static string[] Resume(string run) => ["train", Model, "--out", run, "--resume", "--threads", "1"];

    /// <summary>Begins a run and kills it after its first checkpoint.</summary>
    void BeginRun(string run)
    {
        var images = Directory.GetDirectories(_pictures.Validation);
        // The file is made, written in pieces and renamed; trying finds the count of pieces.
        for (var count = 4; !File.Exists(Path.Combine(run, TrainingCheckpoint.Last)); count++)
        {
            if (new Launch(_tool, run, images, Train(run), new(Place.Checkpoint, count, TimeSpan.Zero)).Run() is { Fell: null } result)
                throw new FaultException($"The run was not killed: exit code {result.ExitCode}, {result.Output}");
        }
    }

    void Complete(string run)
    {
        Succeed(Resume(run));
        CheckEqual(run);
    }

    void CheckEqual(string run)
    {
        var differences = RunContent.Differences(_undisturbed, RunContent.Read(run));
        if (differences.Count > 0) throw new FaultException($"{run} differs from the undisturbed run: {string.Join("; ", differences)}");
    }

    static Kept Checkpoint(string run)
    {
        var step = RunContent.Check(run);
        return new(step, Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine(run, TrainingCheckpoint.Last)))), Directory.GetFiles(run, "*.tmp"));
    }

    /// <summary>Checks that the checkpoint is as it was, or a later one, and that no file is half written.</summary>
    static void CheckKept(string run, Kept before)
    {
        var now = Checkpoint(run);
        if (now.Step < before.Step || (now.Step == before.Step && now.Hash != before.Hash)) throw new FaultException($"The checkpoint of step {before.Step} became one of step {now.Step}");
        if (now.Unfinished.Except(before.Unfinished).FirstOrDefault() is { } left) throw new FaultException($"{left} is left over");
    }

    void Succeed(string[] arguments)
    {
        using var process = _tool.Run(arguments);
        if (process.ExitCode != 0) throw new FaultException($"Exit code {process.ExitCode}: {process.Output}");
    }

    string Fail(string[] arguments, string words)
    {
        using var process = _tool.Run(arguments);
        return Expect(process, words);
    }

    /// <summary>The state that must not get lost: the checkpoint, by its step and its hash; and the unfinished files of the kill before.</summary>
    sealed record Kept(long Step, string Hash, string[] Unfinished);

    /// <summary>The last line of a process that has failed and gives the reason.</summary>
    static string Expect(ToolProcess process, string words)
    {
        var line = process.Output.Split('\n')[^1];
        return process.ExitCode == 1 && line.Contains(words, StringComparison.Ordinal)
            ? line
            : throw new FaultException($"Expected exit code 1 and \"{words}\", found {process.ExitCode}: {process.Output}");
    }
}
