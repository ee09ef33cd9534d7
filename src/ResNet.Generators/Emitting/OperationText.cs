using System.Text;
using ResNet.Dsl;
using ResNet.Generators.Names;
using ResNet.Planning.Programs;

namespace ResNet.Generators.Emitting;

/// <summary>Operations as statements, with comments that name the layers in them.</summary>
/// <param name="outputs">The network's outputs.</param>
/// <param name="slot">The text of a slot, as seen from within loops.</param>
sealed class OperationText(IReadOnlyList<NetworkOutput> outputs, Func<int, LoopScope?, string> slot)
{
    /// <summary>Writes a call of the runtime.</summary>
    public (string Code, string Comment) Write(ProgramCall call, LoopScope? scope) => call switch
    {
        ForwardCall forward => Write(forward, scope),
        BackwardCall backward => Write(backward, scope),
        _ => throw new NotSupportedException($"There is no text for {call}"),
    };

    (string Code, string Comment) Write(ForwardCall call, LoopScope? scope)
    {
        var arguments = new List<string>();
        if (call.Layer is { } layer) arguments.Add(LoopScope.Index(layer.Index, scope));
        if (call.Output is { } output) arguments.Add(Text.Of(output));
        if (call.From is { } from) arguments.Add(slot(from.Slot, scope));
        if (call.Factor is { } factor) arguments.Add(slot(factor.Slot, scope));
        if (call.To is { } to) arguments.Add(slot(to.Slot, scope));
        if (call.Then != ProgramEpilogue.None || call.Operation == ForwardOperation.Apply) arguments.Add(Chain(call.Then, scope));
        return ($"run.{call.Operation}({string.Join(", ", arguments)});", Comment(call) + (call.IsBackward ? ", again" : ""));
    }

    (string Code, string Comment) Write(BackwardCall call, LoopScope? scope)
    {
        var arguments = new List<string>();
        if (call.Layer is { } layer) arguments.Add(LoopScope.Index(layer.Index, scope));
        if (call.Input is { } input) arguments.Add(slot(input.Slot, scope));
        if (call.Rectified is { } rectified) arguments.Add(slot(rectified.Slot, scope));
        else if (call.Operation == BackwardOperation.NormBackward) arguments.Add("null");
        arguments.Add(slot(call.Gradient.Slot, scope));
        if (call.To is { } to) arguments.Add(slot(to.Slot, scope));
        else if (call.Operation != BackwardOperation.ReluBackward) arguments.Add("null");
        if (call.Accumulate) arguments.Add("accumulate: true");
        return ($"run.{call.Operation}({string.Join(", ", arguments)});", Comment(call));
    }

    /// <summary>Returns the description of a stage, for the head of its method.</summary>
    public static string Describe(string stage, IReadOnlyList<ProgramStep> steps)
    {
        if (steps[0].IsBackward) return stage + ", backward.";
        var results = steps.Select(Result).Where(shape => shape is not null).ToList();
        var input = steps[0] is ProgramLoop loop ? loop.Shape : ((ForwardCall)steps[0]).From?.Shape;
        var shapes = results.Count == 0 ? "" : $": {input} → {results[results.Count - 1]}";
        return stage + shapes + ".";
    }

    static Shape? Result(ProgramStep step) => step is ProgramLoop loop ? loop.Shape : ((ForwardCall)step).To?.Shape;

    string Chain(ProgramEpilogue epilogue, LoopScope? scope)
    {
        var text = new StringBuilder(RuntimeNames.Then);
        Norm(epilogue.InnerNorm);
        if (epilogue.InnerRelu) text.Append(".Relu()");
        if (epilogue.Addend is { } addend) text.Append(epilogue.PadsAddend ? ".AddPadded(" : ".Add(").Append(slot(addend.Slot, scope)).Append(')');
        if (epilogue.Stored is { } stored) text.Append(".Store(").Append(slot(stored.Slot, scope)).Append(')');
        Norm(epilogue.OuterNorm);
        if (epilogue.OuterRelu) text.Append(".Relu()");
        return text.ToString();

        void Norm(LayerReference? norm)
        {
            if (norm is null) return;
            var index = norm.AfterLast is { } last ? scope!.Next(norm.Index, last.Index) : LoopScope.Index(norm.Index, scope);
            text.Append(".Norm(").Append(index).Append(')');
        }
    }

    string Comment(ForwardCall call)
    {
        var parts = new List<string>();
        var then = call.Then;
        if (call.Output is { } output) return (call.Operation == ForwardOperation.Loss ? "loss of " : "") + outputs[output].Name;
        if (call.Operation == ForwardOperation.Multiply) return "the product of both branches";
        if (call.Layer is { } layer && IsNamed(layer.Layer)) parts.Add(layer.ShortName);
        if (then.InnerNorm is { } inner) parts.Add(Name(inner, call));
        if (then.InnerRelu) parts.Add("relu");
        if (then.Addend is not null) parts.Add("shortcut");
        if (then.OuterNorm is { } outer) parts.Add(Name(outer, call));
        if (then.OuterRelu) parts.Add("relu");
        if (call.Operation == ForwardOperation.Apply && parts.Count == 0) parts.Add("a copy, because a shortcut keeps this value");
        var names = string.Join(" + ", parts);
        var details = call.Layer is { Layer: { IsImplied: false } kind } ? kind.Describe(call.From!.Value.Shape) : "";
        return names.Length == 0 || details.Length == 0 ? names + details : names + ": " + details;
    }

    static string Comment(BackwardCall call) => call switch
    {
        { Operation: BackwardOperation.Pass, Accumulate: true } => "the gradients of two branches, added",
        { Operation: BackwardOperation.Pass } => "a copy, because two branches go on from this gradient",
        { Operation: BackwardOperation.Multiply } => "the gradient of a factor",
        { Layer: { } layer } when IsNamed(layer.Layer) => layer.ShortName + (call.Rectified is null ? "" : " + relu"),
        { Layer: { } layer } => layer.Layer.Describe(call.To!.Value.Shape),
        _ => "relu",
    };

    /// <summary>Whether a comment says which layer it is, rather than only what it does.</summary>
    static bool IsNamed(Layer layer) => layer.HasParameters || layer is Tap;

    static string Name(LayerReference norm, ForwardCall call) =>
        norm.AfterLast is { } last ? $"next {norm.ShortName} (last: {last.Name})"
        : norm.IsNext ? "next " + norm.ShortName
        : norm.Unit == call.Unit ? norm.ShortName
        : norm.Name;
}
