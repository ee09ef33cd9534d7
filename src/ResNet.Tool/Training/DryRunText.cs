using System.Globalization;
using ResNet.Tool.Output;

namespace ResNet.Tool.Training;

/// <summary>The cost of a run, as text.</summary>
static class DryRunText
{
    const int MostClasses = 20;

    public static void Write(TextWriter output, DryRunReport report)
    {
        FormattableString[] lines =
        [
            $"{report.Model}, input {report.Input}, on {report.Device}",
            $"training    {report.TrainImages} images: {report.Train}",
            $"validation  {report.ValidationImages} images{(report.Validation is null ? "" : $": {report.Validation}")}",
            $"classes     {report.Classes.Count}",
        ];
        foreach (var line in lines) output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
        var table = new TextTable(false, true, true);
        table.Add("  class", "training", "validation");
        foreach (var one in report.Classes.Take(MostClasses))
            table.Add($"  {one.Name}", one.Train.ToString(CultureInfo.InvariantCulture), one.Validation.ToString(CultureInfo.InvariantCulture));
        table.WriteTo(output);
        if (report.Classes.Count > MostClasses) output.WriteLine($"  … and {report.Classes.Count - MostClasses} more");
        FormattableString[] costs =
        [
            $"steps       {report.StepsPerEpoch} per epoch of batches of {report.Batch}, {report.Epochs} epochs, {(long)report.StepsPerEpoch * report.Epochs} in all",
            $"memory      {report.MemoryBytes / 1048576.0:F0} MiB",
            $"time        {TimeSpan.FromSeconds(Math.Ceiling(report.Seconds)):g}, at {report.SecondsPerStep * 1000:F0} ms per step",
        ];
        foreach (var line in costs) output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
    }
}
