using ResNet.Dsl;
using ResNet.Generators.Model;
using ResNet.Generators.Names;

namespace ResNet.Generators.Emitting;

/// <summary>Writes the file that joins a detector's two networks.</summary>
sealed class DetectorEmitter(DetectorModel model)
{
    readonly DetectorDefinition _detector = model.Definition;
    readonly DetectorSettings _settings = model.Definition.Settings;

    public void Write(SourceWriter writer)
    {
        WriteTable(writer);
        writer.Line($"partial class {model.Place.Name} : {RuntimeNames.Detector}").Open()
            .Line("/// <summary>Number of classes, without the background.</summary>")
            .Line($"public const int {GeneratedMembers.ClassCount} = {Text.Of(_settings.Classes)};")
            .Line()
            .Line("/// <summary>Number of trained parameters of both networks.</summary>")
            .Line($"public const long {GeneratedMembers.ParameterCount} = {GeneratedMembers.TrunkNetwork}.{GeneratedMembers.ParameterCount} + {GeneratedMembers.HeadNetwork}.{GeneratedMembers.ParameterCount};")
            .Line();
        if (!model.Place.DeclaresConstructor) WriteConstructor(writer);
        writer.MarkGenerated().Line($"static class {Emitter.NestedClass(model.Place)}").Open();
        WriteSettings(writer);
        writer.Close().Close();
    }

    void WriteTable(SourceWriter writer)
    {
        var (trunk, head) = (NetworkSummary.Of(_detector.Trunk), NetworkSummary.Of(_detector.Head));
        var positions = _detector.FeatureMaps;
        writer.Line("/// <remarks>").Line("/// <code>");
        foreach (var line in new[]
        {
            $"{_detector.Name}: {_settings.Classes} classes, image {_detector.Trunk.Input}",
            "",
            $"trunk    {positions} feature maps of stride {_settings.Stride}; {Text.Grouped(trunk.Parameters)} parameters, {Text.Grouped(trunk.MultiplyAdds)} multiply-adds",
            $"anchors  {_settings.AnchorsPerPosition} at each position, {Text.Grouped((long)_settings.AnchorsPerPosition * positions.Height * positions.Width)} in all",
            $"head     regions of {_detector.Head.Input}; {Text.Grouped(head.Parameters)} parameters, {Text.Grouped(head.MultiplyAdds)} multiply-adds each",
        })
            writer.Line(("/// " + line).TrimEnd());
        writer.Line("/// </code>").Line("/// </remarks>");
    }

    void WriteConstructor(SourceWriter writer) => writer
        .Line("/// <summary>Creates the detector.</summary>")
        .Line("/// <param name=\"device\">The device; the processor by default.</param>")
        .MarkGenerated()
        .Line($"public {model.Place.Name}({RuntimeNames.Device}? device = null)").Indent()
        .Line($": base({Text.Literal(_detector.Name)}, new {GeneratedMembers.TrunkNetwork}(device), new {GeneratedMembers.HeadNetwork}(device), {Emitter.NestedClass(model.Place)}.Settings)").Unindent()
        .Open().Close()
        .Line();

    void WriteSettings(SourceWriter writer) => writer
        .Line($"public static readonly {RuntimeNames.DetectorSettings} Settings = new()").Open()
        .Line($"{nameof(DetectorSettings.Classes)} = {Text.Of(_settings.Classes)},")
        .Line($"{nameof(DetectorSettings.Stride)} = {Text.Of(_settings.Stride)},")
        .Line($"{nameof(DetectorSettings.AnchorSizes)} = new(new double[] {{ {Values(_settings.AnchorSizes)} }}),")
        .Line($"{nameof(DetectorSettings.AnchorRatios)} = new(new double[] {{ {Values(_settings.AnchorRatios)} }}),")
        .Line($"{nameof(DetectorSettings.RoiMethod)} = {RuntimeNames.RoiMethod}.{_settings.RoiMethod},")
        .Line($"{nameof(DetectorSettings.ShorterSide)} = {Text.Of(_settings.ShorterSide)},")
        .Line($"{nameof(DetectorSettings.LongerSide)} = {Text.Of(_settings.LongerSide)},")
        .Line($"{nameof(DetectorSettings.GlobalContext)} = {(_settings.GlobalContext ? "true" : "false")},")
        .Line($"{nameof(DetectorSettings.PerClassProposals)} = {(_settings.PerClassProposals ? "true" : "false")},")
        .Unindent().Line("};");

    static string Values(EquatableArray<double> values) => string.Join(", ", values.Select(Text.Of));
}
