using ResNet.Dsl;
using ResNet.Planning.Programs;

namespace ResNet.Generators.Emitting;

/// <summary>Writes a program: a method per stage, a statement per operation, loops for repeats.</summary>
/// <param name="pass">Type of what executes the operations.</param>
/// <param name="operations">The operations as statements.</param>
/// <param name="firstSaved">The first of the slots that are saved from iteration to iteration; null if none are.</param>
/// <param name="taken">Names that no method may have.</param>
sealed class ProgramWriter(string pass, OperationText operations, int? firstSaved, IEnumerable<string> taken)
{
    /// <summary>Most statements of one method: some tens of bytes of IL each, so far below what a JIT still optimizes.</summary>
    const int MaxStatements = 100;

    const string Run = "run";
    readonly HashSet<string> _names = [.. taken];
    readonly Queue<Action<SourceWriter>> _methods = [];

    /// <summary>Writes the method of that name, which executes the program, and those that it calls.</summary>
    public void Write(SourceWriter writer, string method, IReadOnlyList<ProgramStep> program)
    {
        _names.Add(method);
        writer.Line($"public static void {method}({pass} {Run})").Open();
        foreach (var stage in StagesOf(program))
        {
            if (IsBorder(stage[0])) writer.Commented([operations.Write((ProgramCall)stage[0], null)]);
            else writer.Line($"{Method(stage[0].Stage, stage, null)}({Run});");
        }
        writer.Close();
        while (_methods.Count > 0) _methods.Dequeue()(writer.Line());
    }

    /// <summary>Divides the program into runs of steps that belong together.</summary>
    static IEnumerable<List<ProgramStep>> StagesOf(IReadOnlyList<ProgramStep> steps)
    {
        var stage = new List<ProgramStep>();
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
    }

    /// <summary>Whether a step is no stage's: the input, the loss and the result are the whole network's.</summary>
    static bool IsBorder(ProgramStep step) => step is ForwardCall { Operation: ForwardOperation.Input or ForwardOperation.Output or ForwardOperation.Loss };

    /// <summary>Plans a method.</summary>
    /// <returns>Its name.</returns>
    string Method(string stage, List<ProgramStep> steps, LoopScope? scope)
    {
        var name = Unique(Text.Identifier(stage) + (steps[0].IsBackward ? "Backward" : ""));
        _methods.Enqueue(writer =>
        {
            writer.Line($"/// <summary>{OperationText.Describe(stage, steps)}</summary>")
                .Line($"static void {name}({pass} {Run}{LoopScope.Parameters(scope)})").Open();
            WriteSteps(writer, steps, scope, stage, "");
            writer.Close();
        });
        return name;
    }

    /// <summary>Writes steps, as calls of further methods where they are too many for one.</summary>
    void WriteSteps(SourceWriter writer, IReadOnlyList<ProgramStep> steps, LoopScope? scope, string stage, string unit)
    {
        if (steps.Sum(Weight) <= MaxStatements || steps.Count == 1)
        {
            WriteInline(writer, steps, scope, unit);
            return;
        }
        foreach (var part in Divide(steps))
            writer.Line($"{Method(stage, part, scope)}({Run}{LoopScope.Arguments(scope)});");
    }

    void WriteInline(SourceWriter writer, IReadOnlyList<ProgramStep> steps, LoopScope? scope, string unit)
    {
        var lines = new List<(string Code, string Comment)>();
        foreach (var step in steps)
        {
            if (step is ProgramCall call)
            {
                if (call.Unit != unit && call.Unit.Length > 0)
                {
                    Flush();
                    writer.Line("// " + call.Unit);
                }
                unit = call.Unit;
                lines.Add(operations.Write(call, scope));
                continue;
            }
            Flush();
            var loop = (ProgramLoop)step;
            var inner = new LoopScope(loop, scope, firstSaved);
            writer.Line("// " + Describe(loop)).Line(inner.Head).Open();
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

    static IEnumerable<List<ProgramStep>> Divide(IReadOnlyList<ProgramStep> steps)
    {
        // A method that is too long for one list of calls as well is divided again.
        var limit = Math.Max(MaxStatements, steps.Sum(Weight) / MaxStatements);
        var part = new List<ProgramStep>();
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

    static int Weight(ProgramStep step) => step is ProgramLoop loop ? 1 + loop.Body.Sum(Weight) : 1;

    static string Describe(ProgramLoop loop)
    {
        var range = loop.Range;
        var (first, last) = loop.IsBackward ? (range.LastUnit, range.FirstUnit) : (range.FirstUnit, range.LastUnit);
        return $"{first}{(range.Count * range.UnitsAtOnce == 2 ? "," : " …")} {last}{(range.UnitsAtOnce > 1 ? ", two at a time" : "")}";
    }

    string Unique(string name)
    {
        var unique = name;
        for (var i = 2; !_names.Add(unique); i++) unique = $"{name}Part{Text.Of(i)}";
        return unique;
    }
}
