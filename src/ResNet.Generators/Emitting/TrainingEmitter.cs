using ResNet.Generators.Model;
using ResNet.Generators.Planning;

namespace ResNet.Generators.Emitting;

/// <summary>Writes the file with the training step: forward, loss, backward.</summary>
sealed class TrainingEmitter(NetworkModel model, TrainingProgram program)
{
    /// <summary>Name of the class, in that of <see cref="Emitter.NestedClass"/>, that holds the training step.</summary>
    public const string NestedClass = "Training";

    public void Write(SourceWriter writer)
    {
        var nested = Emitter.NestedClass(model);
        var saved = program.Saved;
        writer.Line($"partial class {model.ClassName}").Open()
            .Line("/// <inheritdoc/>")
            .MarkGenerated()
            .Line($"protected override void {RuntimeNames.Train}({RuntimeNames.TrainingPass} run) => {nested}.{NestedClass}.{RuntimeNames.Train}(run);")
            .Line()
            .Line($"static partial class {nested}").Open()
            .Line($"public static class {NestedClass}").Open()
            .Line("// Slots of gradients and of passing values, and the elements that one image needs in each.")
            .Commented(SlotNames.Constants(program.Shared))
            .Line()
            .Line($"// The first of {Text.Of(saved.Count)} slots of values that the backward pass reads: {Text.Of(saved.Elements)} elements in all.")
            .Line($"const int {SlotNames.Saved} = {Text.Of(program.Shared.Sizes.Count)};")
            .Line();
        var names = SlotNames.Of(program.Shared).Concat([SlotNames.Saved, RuntimeNames.Then, NestedClass]);
        var operations = new OperationText(Slot);
        new ProgramWriter(RuntimeNames.TrainingPass, operations, saved, names).Write(writer, RuntimeNames.Train, program.Steps);
        writer.Close().Close().Close();
    }

    string Slot(Value value, LoopScope? scope) => value.IsSaved
        ? LoopScope.SavedSlot(program.Saved[value], scope)
        : SlotNames.Of(program.Shared[value]);
}
