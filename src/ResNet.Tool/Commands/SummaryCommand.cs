using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using ResNet.Dsl;
using ResNet.Runtime;
using ResNet.Tool.Networks;
using ResNet.Tool.Output;

namespace ResNet.Tool.Commands;

/// <summary><c>resnet summary</c>: a network as a table, or a detector as two.</summary>
static class SummaryCommand
{
    public static Command Create(Streams streams)
    {
        var command = new ToolCommand("summary", "Show the layers, shapes, parameters and cost of a network, or of a detector's two",
            "resnet summary resnet50 --compact",
            "resnet summary cifar-resnet20",
            "resnet summary fasterrcnn-resnet50 --compact",
            "resnet summary runs/photos");
        var model = ModelArguments.Model();
        var compact = new Option<bool>("--compact") { Description = "One row per unit, repeated units in one, as in the papers' tables" };
        var json = CommonOptions.Json();
        command.Add(model);
        command.Add(compact);
        command.Add(json);
        command.SetAction(parsed =>
        {
            var (source, isCompact, isJson) = (parsed.GetRequiredValue(model), parsed.GetValue(compact), parsed.GetValue(json));
            switch (source)
            {
                case DetectorSource detector:
                    WriteDetector(streams.Out, detector, isCompact, isJson);
                    break;
                case NetworkSource classifier:
                    using (var network = classifier.Create(null))
                    {
                        if (isJson) ReportContext.Write(streams.Out, Report(source.Name, network.Definition, isCompact));
                        else streams.Out.WriteLine(NetworkSummary.Of(network.Definition).ToString(isCompact));
                    }
                    break;
                default:
                    throw new UnreachableException();
            }
        });
        return command;
    }

    static void WriteDetector(TextWriter output, DetectorSource source, bool isCompact, bool isJson)
    {
        using var created = source.Create(null);
        var detector = created.Definition;
        var (trunk, head) = (NetworkSummary.Of(detector.Trunk), NetworkSummary.Of(detector.Head));
        var regions = ProposalOptions.Testing.AfterSuppression;
        var multiplyAdds = trunk.MultiplyAdds + regions * head.MultiplyAdds;
        if (isJson)
        {
            ReportContext.Write(output, new DetectorSummaryReport(
                source.Name, detector.Settings.Classes, Report("trunk", detector.Trunk, isCompact), Report("head", detector.Head, isCompact),
                trunk.Parameters + head.Parameters, regions, multiplyAdds));
            return;
        }
        output.WriteLine(trunk.ToString(isCompact));
        output.WriteLine();
        output.WriteLine(head.ToString(isCompact));
        output.WriteLine();
        FormattableString[] lines =
        [
            $"parameters  {trunk.Parameters + head.Parameters:N0}, {detector.Settings.Classes} classes",
            $"a picture   of {detector.Trunk.Input.Height}×{detector.Trunk.Input.Width} with {regions} regions: {multiplyAdds:N0} multiply-adds, {trunk.MultiplyAdds:N0} of the trunk and {head.MultiplyAdds:N0} of each region",
        ];
        foreach (var line in lines) output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
    }

    static SummaryReport Report(string model, NetworkDefinition definition, bool isCompact)
    {
        var summary = NetworkSummary.Of(definition);
        return new(
            model, definition.Input.ToString(), definition.Output.ToString(), summary.Parameters, summary.MultiplyAdds,
            [.. (isCompact ? summary.CompactRows : summary.Rows).Select(row => new LayerReport(row.Name, row.Kind, row.Output.ToString(), row.Parameters, row.MultiplyAdds))]);
    }
}
