using System.CommandLine;
using ResNet.Dsl;
using ResNet.Tool.Output;

namespace ResNet.Tool.Commands;

/// <summary><c>resnet summary</c>: a network as a table.</summary>
static class SummaryCommand
{
    public static Command Create(Streams streams)
    {
        var command = new ToolCommand("summary", "Show a network's layers, shapes, parameters and cost",
            "resnet summary resnet50 --compact",
            "resnet summary cifar-resnet20",
            "resnet summary runs/photos");
        var model = ModelArguments.Network();
        var compact = new Option<bool>("--compact") { Description = "One row per unit, repeated units in one, as in the papers' tables" };
        var json = CommonOptions.Json();
        command.Add(model);
        command.Add(compact);
        command.Add(json);
        command.SetAction(parsed =>
        {
            using var network = parsed.GetRequiredValue(model).Create(null);
            var summary = NetworkSummary.Of(network.Definition);
            var isCompact = parsed.GetValue(compact);
            if (parsed.GetValue(json)) ReportContext.Write(streams.Out, Report(parsed.GetRequiredValue(model).Name, network.Definition, summary, isCompact));
            else streams.Out.WriteLine(summary.ToString(isCompact));
        });
        return command;
    }

    static SummaryReport Report(string model, NetworkDefinition definition, NetworkSummary summary, bool isCompact) => new(
        model, definition.Input.ToString(), definition.Output.ToString(), summary.Parameters, summary.MultiplyAdds,
        [.. (isCompact ? summary.CompactRows : summary.Rows).Select(row => new LayerReport(row.Name, row.Kind, row.Output.ToString(), row.Parameters, row.MultiplyAdds))]);
}
