using System.CommandLine;
using System.Globalization;
using ResNet.Dsl;
using ResNet.Runtime;
using ResNet.Tool.Networks;
using ResNet.Tool.Output;
using ResNet.Zoo;

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
            IReadOnlyList<ModelReport> reports = [.. Models.All.Select(Describe), .. DetectorModels.All.Select(Describe)];
            if (parsed.GetValue(json)) ReportContext.Write(streams.Out, reports);
            else WriteText(streams.Out, reports);
        });
        return command;
    }

    static ModelReport Describe(Model model)
    {
        var definition = model.Define();
        var summary = NetworkSummary.Of(definition);
        return new(
            model.Name, model.Description, definition.Input.ToString(), summary.Parameters, summary.MultiplyAdds,
            PublishedNetwork.BundledWeights(model) is not null ? "bundled" : model.Pretrained is not null ? "published" : null);
    }

    /// <summary>Of a detector, multiply-adds are those of the trunk at the declared size, and of the head on as many regions as are looked at.</summary>
    static ModelReport Describe(DetectorModel model)
    {
        var definition = model.Define();
        var (trunk, head) = (NetworkSummary.Of(definition.Trunk), NetworkSummary.Of(definition.Head));
        return new(
            model.Name, model.Description, definition.Trunk.Input.ToString(), trunk.Parameters + head.Parameters,
            trunk.MultiplyAdds + ProposalOptions.Testing.AfterSuppression * head.MultiplyAdds, null);
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
