using System.CommandLine;
using System.Globalization;
using ResNet.Dsl;
using ResNet.Runtime;
using ResNet.Tool.Output;
using ResNet.Tool.Zoo;

namespace ResNet.Tool.Commands;

/// <summary><c>resnet models</c>: the networks that the tool knows.</summary>
static class ModelsCommand
{
    public static Command Create(Streams streams)
    {
        var command = new ToolCommand("models", "List the networks", "resnet models", "resnet models --json");
        var json = CommonOptions.Json();
        command.Add(json);
        command.SetAction(parsed =>
        {
            IReadOnlyList<ModelReport> reports = [.. Models.All.Select(Describe)];
            if (parsed.GetValue(json)) ReportContext.Write(streams.Out, reports);
            else WriteText(streams.Out, reports);
        });
        return command;
    }

    static ModelReport Describe(Model model)
    {
        using var network = model.Create(null);
        var summary = NetworkSummary.Of(network.Definition);
        return new(
            model.Name, model.Description, network.Definition.Input.ToString(), summary.Parameters, summary.MultiplyAdds,
            File.Exists(model.BundledWeights) ? "bundled" : PublishedWeights.Files.ContainsKey(model.Name) ? "published" : null);
    }

    static void WriteText(TextWriter output, IReadOnlyList<ModelReport> reports)
    {
        var table = new TextTable(false, true, true, false, false);
        table.Add("model", "parameters", "multiply-adds", "weights", "description");
        foreach (var report in reports)
        {
            table.Add(
                report.Name,
                report.Parameters.ToString("N0", CultureInfo.InvariantCulture),
                report.MultiplyAdds.ToString("N0", CultureInfo.InvariantCulture),
                report.Weights ?? "-",
                report.Description);
        }
        table.WriteTo(output);
    }
}
