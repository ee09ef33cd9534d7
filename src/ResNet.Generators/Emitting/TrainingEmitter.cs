using ResNet.Dsl;
using ResNet.Generators.Model;
using ResNet.Generators.Names;
using ResNet.Planning.Programs;

namespace ResNet.Generators.Emitting;

/// <summary>Writes the file with the training step: forward, loss, backward.</summary>
sealed class TrainingEmitter(NetworkModel model, TrainingProgram program)
{
    /// <summary>Name of the class, in that of <see cref="Emitter.NestedClass"/>, that holds the training step.</summary>
    public const string NestedClass = "Training";

    public void Write(SourceWriter writer)
    {
        var nested = Emitter.NestedClass(model.Place);
        writer.Line($"partial class {model.Place.Name}").Open();
        if (program.Recomputes)
        {
            writer.Line("/// <inheritdoc/>")
                .MarkGenerated()
                .Line($"protected override bool {RuntimeNames.Recomputes} => true;")
                .Line();
        }
        writer.Line("/// <inheritdoc/>")
            .MarkGenerated()
            .Line($"protected override void {RuntimeNames.Train}({RuntimeNames.TrainingPass} run) => {nested}.{NestedClass}.{RuntimeNames.Train}(run);")
            .Line()
            .Line($"static partial class {nested}").Open()
            .Line($"public static class {NestedClass}").Open()
            .Line("// Slots of gradients and of passing values, and the elements that one image needs in each.")
            .Commented(SlotNames.Constants(program.SharedSizes))
            .Line()
            .Line($"// The first of {Text.Of(program.SavedCount)} slots of values that the backward pass reads: {Text.Of(program.SavedElements)} elements in all.")
            .Line($"const int {SlotNames.Saved} = {Text.Of(FirstSaved)};")
            .Line();
        var names = SlotNames.Of(program.SharedSizes).Concat([SlotNames.Saved, RuntimeNames.Then, NestedClass]);
        var operations = new OperationText(model.Definition.Outputs, Slot);
        new ProgramWriter(RuntimeNames.TrainingPass, operations, FirstSaved, names).Write(writer, RuntimeNames.Train, program.Steps);
        writer.Close().Close().Close();
    }

    int FirstSaved => program.SharedSizes.Count;

    string Slot(int slot, LoopScope? scope) => slot < FirstSaved ? SlotNames.Of(slot) : LoopScope.SavedSlot(slot, scope, FirstSaved);
}
