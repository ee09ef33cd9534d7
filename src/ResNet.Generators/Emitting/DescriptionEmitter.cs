using ResNet.Dsl;
using ResNet.Generators.Model;
using ResNet.Generators.Names;
using ResNet.Planning.Programs;

namespace ResNet.Generators.Emitting;

/// <summary>Writes the file that says what a network is: its layer table, its costs and its definition.</summary>
sealed class DescriptionEmitter(NetworkModel model, InferenceProgram inference, TrainingProgram training)
{
    readonly NetworkDefinition _network = model.Definition;
    readonly NetworkSummary _summary = NetworkSummary.Of(model.Definition);

    public void Write(SourceWriter writer)
    {
        var nested = Emitter.NestedClass(model.Place);
        if (model.Role is { } role) writer.Line($"/// <summary>{role}</summary>");
        WriteTable(writer);
        writer.Line($"{(model.Role is null ? "" : "public sealed ")}partial class {model.Place.Name} : {RuntimeNames.Network}").Open();
        WriteCosts(writer);
        if (!model.Place.DeclaresConstructor) WriteConstructor(writer);
        writer.Line("/// <inheritdoc/>")
            .MarkGenerated()
            .Line($"public override {RuntimeNames.NetworkDefinition} {RuntimeNames.Definition} => {nested}.{RuntimeNames.Definition};")
            .Line()
            .MarkGenerated()
            .Line($"static partial class {nested}").Open();
        WriteDefinition(writer);
        writer.Close().Close();
    }

    void WriteTable(SourceWriter writer)
    {
        writer.Line("/// <remarks>").Line("/// <code>");
        foreach (var line in _summary.ToString(compact: true).Split('\n')) writer.Line(("/// " + line).TrimEnd());
        writer.Line("/// </code>").Line("/// </remarks>");
    }

    void WriteCosts(SourceWriter writer)
    {
        Constant("int", GeneratedMembers.InputChannels, _network.Input.Channels, $"{(model.Role is null ? "Colour channels" : "Channels")} of an input {model.Input}.");
        Constant("int", GeneratedMembers.InputHeight, _network.Input.Height, $"Rows of an input {model.Input}.");
        Constant("int", GeneratedMembers.InputWidth, _network.Input.Width, $"Columns of an input {model.Input}.");
        // The results of a part are no classes.
        if (model.Role is null) Constant("int", GeneratedMembers.ClassCount, _network.Output.Channels, "Number of classes: the channels of the result.");
        Constant("long", GeneratedMembers.ParameterCount, _summary.Parameters, "Number of trained parameters.");
        Constant("long", GeneratedMembers.MultiplyAdds, _summary.MultiplyAdds, $"Multiply-adds that one {model.Input} takes.");
        Constant("long", GeneratedMembers.ArenaElements, inference.ArenaElements, $"Values that the activations of one {model.Input} need room for.");
        Constant("long", GeneratedMembers.TrainingArenaElements, training.ArenaElements, $"Values that the activations and gradients of one {model.Input} need room for while training.");

        void Constant(string type, string name, long value, string summary) => writer
            .Line($"/// <summary>{summary}</summary>")
            .Line($"public const {type} {name} = {Text.Of(value)};")
            .Line();
    }

    void WriteConstructor(SourceWriter writer) => writer
        .Line("/// <summary>Creates the network.</summary>")
        .Line("/// <param name=\"device\">The device; the processor by default.</param>")
        .MarkGenerated()
        .Line($"public {model.Place.Name}({RuntimeNames.Device}? device = null) : base(device)").Open().Close()
        .Line();

    void WriteDefinition(SourceWriter writer)
    {
        var calls = new BuilderCalls(RuntimeNames.Dsl);
        var expression = calls.Expression(_network);
        writer.Line($"public static readonly {RuntimeNames.NetworkDefinition} {RuntimeNames.Definition} =").Indent();
        for (var i = 0; i < expression.Count; i++) writer.Line(expression[i] + (i == expression.Count - 1 ? ";" : ""));
        writer.Unindent();
        foreach (var part in calls.Parts)
        {
            writer.Line();
            foreach (var line in part) writer.Line(line);
        }
    }
}
