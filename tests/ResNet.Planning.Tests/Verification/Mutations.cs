using ResNet.Dsl;
using ResNet.Planning.Programs;

namespace ResNet.Planning.Tests.Verification;

/// <summary>A program with one thing changed.</summary>
/// <param name="Kind">What was changed.</param>
/// <param name="Program">The program.</param>
sealed record Mutant<T>(string Kind, T Program);

/// <summary>Changes each thing that a program says, one at a time.</summary>
static class Mutations
{
    public static IEnumerable<Mutant<InferenceProgram>> Of(InferenceProgram program) =>
    [
        .. OfSteps(program.Steps).Select(mutant => new Mutant<InferenceProgram>(mutant.Kind, program with { Steps = mutant.Program })),
        .. Shrunk(program.SlotSizes).Select(sizes => new Mutant<InferenceProgram>("slot size", program with { SlotSizes = sizes })),
    ];

    public static IEnumerable<Mutant<TrainingProgram>> Of(TrainingProgram program) =>
    [
        .. OfSteps(program.Steps).Select(mutant => new Mutant<TrainingProgram>(mutant.Kind, program with { Steps = mutant.Program })),
        .. Shrunk(program.SharedSizes).Select(sizes => new Mutant<TrainingProgram>("slot size", program with { SharedSizes = sizes })),
        new("saved elements", program with { SavedElements = program.SavedElements - 1 }),
        new("saved slots", program with { SavedCount = program.SavedCount - 1 }),
    ];

    static IEnumerable<EquatableArray<long>> Shrunk(EquatableArray<long> sizes) =>
        Enumerable.Range(0, sizes.Count).Select(shrunk => new EquatableArray<long>(sizes.Select((size, i) => i == shrunk ? size - 1 : size)));

    static IEnumerable<Mutant<EquatableArray<ProgramStep>>> OfSteps(EquatableArray<ProgramStep> steps)
    {
        for (var i = 0; i < steps.Count; i++)
        {
            yield return new("dropped step", new(steps.Where((_, j) => j != i)));
            yield return new("repeated step", new(steps.SelectMany((step, j) => j == i ? new[] { step, step } : [step])));
            if (i > 0) yield return new("order", new(steps.Select((step, j) => j == i ? steps[i - 1] : j == i - 1 ? steps[i] : step)));
            foreach (var (kind, changed) in OfStep(steps[i])) yield return new(kind, new(steps.Select((step, j) => j == i ? changed : step)));
        }
    }

    static IEnumerable<Mutant<ProgramStep>> OfStep(ProgramStep step) => step switch
    {
        ForwardCall call => OfCall(call),
        BackwardCall call => OfCall(call),
        _ => OfLoop((ProgramLoop)step),
    };

    static IEnumerable<Mutant<ProgramStep>> OfLoop(ProgramLoop loop)
    {
        foreach (var by in new[] { -1, 1 })
        {
            yield return new("loop count", loop with { Range = loop.Range with { Count = loop.Range.Count + by } });
            yield return new("loop stride", loop with { Range = loop.Range with { Stride = loop.Range.Stride + by } });
            yield return new("slot stride", loop with { SlotStride = loop.SlotStride + by });
        }
        yield return new("loop direction", loop with { IsBackward = !loop.IsBackward });
        foreach (var (kind, body) in OfSteps(loop.Body)) yield return new(kind + " in a loop", loop with { Body = body });
    }

    static IEnumerable<Mutant<ProgramStep>> OfCall(ForwardCall call)
    {
        foreach (var layer in Moved(call.Layer)) yield return new("layer", call with { Layer = layer });
        foreach (var from in Moved(call.From)) yield return new("input slot", call with { From = from });
        foreach (var factor in Moved(call.Factor)) yield return new("factor slot", call with { Factor = factor });
        foreach (var to in Moved(call.To)) yield return new("result slot", call with { To = to });
        if (call.Output is { } output) yield return new("output", call with { Output = output + 1 });
        foreach (var from in Reshaped(call.From)) yield return new("input shape", call with { From = from });
        foreach (var to in Reshaped(call.To)) yield return new("result shape", call with { To = to });
        foreach (var (kind, then) in OfEpilogue(call.Then)) yield return new(kind, call with { Then = then });
    }

    static IEnumerable<Mutant<ProgramEpilogue>> OfEpilogue(ProgramEpilogue then)
    {
        foreach (var norm in Moved(then.InnerNorm)) yield return new("inner norm", then with { InnerNorm = norm });
        foreach (var norm in Moved(then.OuterNorm)) yield return new("outer norm", then with { OuterNorm = norm });
        foreach (var addend in Moved(then.Addend)) yield return new("addend slot", then with { Addend = addend });
        foreach (var stored in Moved(then.Stored)) yield return new("stored slot", then with { Stored = stored });
        if (then.InnerNorm is not null) yield return new("no inner norm", then with { InnerNorm = null });
        if (then.OuterNorm is not null) yield return new("no outer norm", then with { OuterNorm = null });
        if (then.Stored is not null) yield return new("no store", then with { Stored = null });
        if (then.Addend is not null)
        {
            yield return new("no addend", then with { Addend = null, PadsAddend = false });
            yield return new("padded addend", then with { PadsAddend = !then.PadsAddend });
            yield return new("inner ReLU", then with { InnerRelu = !then.InnerRelu });
        }
        yield return new("outer ReLU", then with { OuterRelu = !then.OuterRelu });
    }

    static IEnumerable<Mutant<ProgramStep>> OfCall(BackwardCall call)
    {
        foreach (var layer in Moved(call.Layer)) yield return new("layer, backward", call with { Layer = layer });
        foreach (var input in Moved(call.Input)) yield return new("input slot, backward", call with { Input = input });
        foreach (var rectified in Moved(call.Rectified)) yield return new("rectified slot", call with { Rectified = rectified });
        foreach (var gradient in Moved(call.Gradient)) yield return new("gradient slot", call with { Gradient = gradient!.Value });
        foreach (var to in Moved(call.To)) yield return new("result slot, backward", call with { To = to });
        if (call is { Rectified: not null, Operation: BackwardOperation.NormBackward }) yield return new("no ReLU, backward", call with { Rectified = null });
        if (call.To is not null && call.Operation is not (BackwardOperation.Pass or BackwardOperation.TransformBackward or BackwardOperation.Multiply))
            yield return new("no result, backward", call with { To = null, Accumulate = false });
        if (call.To is not null) yield return new("accumulate", call with { Accumulate = !call.Accumulate });
    }

    static IEnumerable<LayerReference> Moved(LayerReference? layer)
    {
        if (layer is null) yield break;
        foreach (var by in new[] { -1, 1, 2 }) yield return layer with { Index = layer.Index + by };
        if (layer.AfterLast is null) yield break;
        yield return layer with { AfterLast = null };
        yield return layer with { AfterLast = layer.AfterLast with { Index = layer.AfterLast.Index + 1 } };
    }

    static IEnumerable<Operand?> Moved(Operand? operand)
    {
        if (operand is not { } given) yield break;
        foreach (var by in new[] { -2, -1, 1, 2 })
            if (given.Slot + by >= 0) yield return given with { Slot = given.Slot + by };
    }

    static IEnumerable<Operand?> Reshaped(Operand? operand) =>
        operand is { } given ? [given with { Shape = given.Shape with { Height = given.Shape.Height + 1 } }] : [];
}
