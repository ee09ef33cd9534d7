using ResNet.Reliability.Output;

namespace ResNet.Reliability.Faults;

/// <summary>Thrown by a case that does not go as it should.</summary>
sealed class FaultException(string message) : Exception(message);

/// <summary>Faults of the file system and of the clock, one after the other.</summary>
/// <param name="tool">The tool.</param>
/// <param name="folder">A folder for runs and mounts.</param>
/// <param name="output">Gets the result of each case.</param>
sealed class FaultCases(ResNetTool tool, string folder, TextWriter output)
{
    /// <summary>Runs all cases.</summary>
    /// <returns>Whether all cases passed; skipped ones name the missing part.</returns>
    public bool Run()
    {
        var training = new TrainingFaults(tool, folder);
        (string Name, Func<string> Run)[] cases =
        [
            ("disk full while a run goes on", training.DiskFull),
            ("read-only folder", training.ReadOnly),
            ("pictures vanish during a run", training.PicturesVanish),
            ("weights vanish", training.WeightsVanish),
            ("checkpoint vanishes before the run is resumed", training.CheckpointVanishes),
            ("clock that jumps", training.ClockJumps),
            ("one cache for twenty processes, some of them killed", new CacheFault(Path.Combine(folder, "cache")).Run),
        ];
        var failed = 0;
        foreach (var (name, run) in cases)
        {
            string outcome;
            try
            {
                outcome = "ok: " + run();
            }
            catch (SkippedException e)
            {
                outcome = $"SKIPPED: {e.Message}";
            }
            catch (FaultException e)
            {
                failed++;
                outcome = $"FAILED: {e.Message}";
            }
            output.WriteLine($"{name}: {outcome}");
        }
        output.WriteLine($"{cases.Length} cases, {failed} failed");
        return failed == 0;
    }
}

/// <summary>Thrown by a case that this machine cannot run.</summary>
sealed class SkippedException(string message) : Exception(message);
