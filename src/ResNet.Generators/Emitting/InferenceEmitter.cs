using ResNet.Generators.Model;
using ResNet.Generators.Planning;

namespace ResNet.Generators.Emitting;

/// <summary>Writes the file with the forward pass: a method per stage, a statement per fused operation, loops for repeats.</summary>
sealed class InferenceEmitter
{
    /// <summary>Most statements of one method: some tens of bytes of IL each, so far below what a JIT still optimizes.</summary>
    const int MaxStatements = 100;

    const string Run = "run";
    readonly NetworkModel _model;
    readonly InferenceProgram _program;
    readonly OperationText _operations;
    readonly HashSet<string> _names;
    readonly Queue<Action<SourceWriter>> _methods = [];

    public InferenceEmitter(NetworkModel model, InferenceProgram program)
    {
        _model = model;
        _program = program;
        _operations = new(program.Slots);
        _names = [.. Enumerable.Range(0, program.Slots.Sizes.Count).Select(SlotNames.Of), RuntimeNames.Infer, RuntimeNames.Definition, RuntimeNames.Then, Emitter.NestedClass(model)];
    }

    public void Write(SourceWriter writer)
    {
        var nested = Emitter.NestedClass(_model);
        writer.Line($"partial class {_model.ClassName}").Open()
            .Line("/// <inheritdoc/>")
            .MarkGenerated()
            .Line($"protected override void {RuntimeNames.Infer}({RuntimeNames.InferencePass} {Run}) => {nested}.{RuntimeNames.Infer}({Run});")
            .Line()
            .Line($"static partial class {nested}").Open()
            .Line("// The slots of the arena, and the elements that one image needs in each.")
            .Commented([.. _program.Slots.Sizes.Select((size, i) => ($"const int {SlotNames.Of(i)} = {Text.Of(i)};", Text.Of(size)))])
            .Line()
            .Line($"public static void {RuntimeNames.Infer}({RuntimeNames.InferencePass} {Run})").Open();
        foreach (var stage in StagesOf(_program.Steps))
        {
            // The input and the result are the whole network's.
            if (stage[0] is Operation { Kind: OperationKind.Input or OperationKind.Output } operation)
                writer.Commented([_operations.Write(operation, null)]);
            else
                writer.Line($"{Method(stage[0].Stage, stage, null)}({Run});");
        }
        writer.Close();
        while (_methods.Count > 0) _methods.Dequeue()(writer.Line());
        writer.Close().Close();
    }

    /// <summary>Divides the program into runs of steps that belong together.</summary>
    static IEnumerable<List<Step>> StagesOf(IReadOnlyList<Step> steps)
    {
        var stage = new List<Step>();
        foreach (var step in steps)
        {
            if (stage.Count > 0 && (step.Stage != stage[0].Stage || IsBorder(step) || IsBorder(stage[0])))
            {
                yield return stage;
                stage = [];
            }
            stage.Add(step);
        }
        yield return stage;

        static bool IsBorder(Step step) => step is Operation { Kind: OperationKind.Input or OperationKind.Output };
    }

    /// <summary>Plans a method.</summary>
    /// <returns>Its name.</returns>
    string Method(string stage, List<Step> steps, LoopScope? scope)
    {
        var name = Unique(Text.Identifier(stage));
        _methods.Enqueue(writer =>
        {
            writer.Line($"/// <summary>{OperationText.Describe(stage, steps)}</summary>")
                .Line($"static void {name}({RuntimeNames.InferencePass} {Run}{LoopScope.Parameters(scope)})").Open();
            WriteSteps(writer, steps, scope, stage, "");
            writer.Close();
        });
        return name;
    }

    /// <summary>Writes steps, as calls of further methods where they are too many for one.</summary>
    void WriteSteps(SourceWriter writer, List<Step> steps, LoopScope? scope, string stage, string unit)
    {
        if (steps.Sum(Weight) <= MaxStatements || steps.Count == 1)
        {
            WriteInline(writer, steps, scope, unit);
            return;
        }
        foreach (var part in Divide(steps))
            writer.Line($"{Method(stage, part, scope)}({Run}{LoopScope.Arguments(scope)});");
    }

    void WriteInline(SourceWriter writer, List<Step> steps, LoopScope? scope, string unit)
    {
        var lines = new List<(string Code, string Comment)>();
        foreach (var step in steps)
        {
            if (step is Operation operation)
            {
                if (operation.Unit != unit && operation.Unit.Length > 0)
                {
                    Flush();
                    writer.Line("// " + operation.Unit);
                }
                unit = operation.Unit;
                lines.Add(_operations.Write(operation, scope));
                continue;
            }
            Flush();
            var loop = (Loop)step;
            var inner = new LoopScope(loop.Range, scope);
            writer.Line("// " + Describe(loop.Range)).Line(inner.Head).Open();
            WriteSteps(writer, loop.Body, inner, loop.Stage, loop.Range.FirstUnit);
            writer.Close();
            unit = "";
        }
        Flush();

        void Flush()
        {
            writer.Commented(lines);
            lines.Clear();
        }
    }

    static IEnumerable<List<Step>> Divide(List<Step> steps)
    {
        // What is too long for one list of calls as well is divided again.
        var limit = Math.Max(MaxStatements, steps.Sum(Weight) / MaxStatements);
        var part = new List<Step>();
        foreach (var step in steps)
        {
            if (part.Count > 0 && part.Sum(Weight) + Weight(step) > limit)
            {
                yield return part;
                part = [];
            }
            part.Add(step);
        }
        yield return part;
    }

    static int Weight(Step step) => step is Loop loop ? 1 + loop.Body.Sum(Weight) : 1;

    static string Describe(IterationRange range) =>
        $"{range.FirstUnit}{(range.Count * range.UnitsAtOnce == 2 ? "," : " …")} {range.LastUnit}{(range.UnitsAtOnce > 1 ? ", two at a time" : "")}";

    string Unique(string name)
    {
        var unique = name;
        for (var i = 2; !_names.Add(unique); i++) unique = $"{name}Part{Text.Of(i)}";
        return unique;
    }
}
