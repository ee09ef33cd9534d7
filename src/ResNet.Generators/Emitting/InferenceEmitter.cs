using ResNet.Dsl;
using ResNet.Generators.Model;
using ResNet.Generators.Names;
using ResNet.Planning.Programs;

namespace ResNet.Generators.Emitting;

/// <summary>Writes the file with the forward pass.</summary>
sealed class InferenceEmitter(NetworkModel model, InferenceProgram program)
{
    public void Write(SourceWriter writer)
    {
        var nested = Emitter.NestedClass(model.Place);
        writer.Line($"partial class {model.Place.Name}").Open()
            .Line("/// <inheritdoc/>")
            .MarkGenerated()
            .Line($"protected override void {RuntimeNames.Infer}({RuntimeNames.InferencePass} run) => {nested}.{RuntimeNames.Infer}(run);")
            .Line()
            .Line("/// <inheritdoc/>")
            .MarkGenerated()
            .Line($"protected override int {RuntimeNames.ProgramFormat} => {Text.Of(FormatVersion.Current)};")
            .Line()
            .Line($"static partial class {nested}").Open()
            .Line("// The slots of the arena, and the elements that one image needs in each.")
            .Commented(SlotNames.Constants(program.SlotSizes))
            .Line();
        var names = SlotNames.Of(program.SlotSizes).Concat([RuntimeNames.Definition, RuntimeNames.Then, TrainingEmitter.NestedClass, nested]);
        var operations = new OperationText(model.Definition.Outputs, (slot, _) => SlotNames.Of(slot));
        new ProgramWriter(RuntimeNames.InferencePass, operations, null, names).Write(writer, RuntimeNames.Infer, program.Steps);
        writer.Close().Close();
    }
}
