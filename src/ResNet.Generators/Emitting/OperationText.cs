using System.Text;
using ResNet.Dsl;
using ResNet.Generators.Planning;

namespace ResNet.Generators.Emitting;

/// <summary>Operations as statements, with comments that name the layers in them.</summary>
/// <param name="slot">The slot of a value, as seen from within loops.</param>
sealed class OperationText(Func<Value, LoopScope?, string> slot)
{
    /// <summary>Writes a call of the runtime.</summary>
    public (string Code, string Comment) Write(Call call, LoopScope? scope) =>
        call is Operation forward ? Write(forward, scope) : Write((BackwardOperation)call, scope);

    (string Code, string Comment) Write(Operation operation, LoopScope? scope)
    {
        var arguments = new List<string>();
        if (operation.Site is { } site) arguments.Add(LoopScope.Index(site.Index, scope));
        if (operation.From is { } from) arguments.Add(slot(from, scope));
        if (operation.Result is { } result) arguments.Add(slot(result, scope));
        if (operation.Epilogue != Epilogue.None || operation.Kind == OperationKind.Apply) arguments.Add(Chain(operation.Epilogue, scope));
        return ($"run.{operation.Kind}({string.Join(", ", arguments)});", Comment(operation) + (operation.IsRecomputation ? ", again" : ""));
    }

    (string Code, string Comment) Write(BackwardOperation operation, LoopScope? scope)
    {
        var arguments = new List<string>();
        if (operation.Site is { } site) arguments.Add(LoopScope.Index(site.Index, scope));
        if (operation.Input is { } input) arguments.Add(slot(input, scope));
        if (operation.Rectified is { } rectified) arguments.Add(slot(rectified, scope));
        else if (operation.Kind == BackwardOperationKind.NormBackward) arguments.Add("null");
        arguments.Add(slot(operation.Gradient, scope));
        if (operation.To is { } to) arguments.Add(slot(to, scope));
        else if (operation.Kind != BackwardOperationKind.ReluBackward) arguments.Add("null");
        if (operation.Accumulate) arguments.Add("accumulate: true");
        return ($"run.{operation.Kind}({string.Join(", ", arguments)});", Comment(operation));
    }

    /// <summary>What a stage is, for the head of its method.</summary>
    public static string Describe(string stage, IReadOnlyList<Step> steps)
    {
        if (steps[0].IsBackward) return stage + ", backward.";
        var results = steps.Select(Result).Where(value => value is not null).ToList();
        var input = steps[0] is Loop loop ? loop.Carried[0].Initial : ((Operation)steps[0]).From;
        var shapes = results.Count == 0 ? "" : $": {input!.Shape} → {results[results.Count - 1]!.Shape}";
        return stage + shapes + ".";
    }

    static Value? Result(Step step) => step is Loop loop ? loop.Carried[0].Final : ((Operation)step).Result;

    string Chain(Epilogue epilogue, LoopScope? scope)
    {
        var text = new StringBuilder(RuntimeNames.Then);
        Norm(epilogue.InnerNorm);
        if (epilogue.InnerRelu) text.Append(".Relu()");
        if (epilogue.Addend is { } addend) text.Append(epilogue.PadsAddend ? ".AddPadded(" : ".Add(").Append(slot(addend, scope)).Append(')');
        if (epilogue.Stored is { } stored) text.Append(".Store(").Append(slot(stored, scope)).Append(')');
        Norm(epilogue.OuterNorm);
        if (epilogue.OuterRelu) text.Append(".Relu()");
        return text.ToString();

        void Norm(NormReference? norm)
        {
            if (norm is null) return;
            var index = norm.BehindLast is { } last ? scope!.Next(norm.Site.Index, last.Index) : LoopScope.Index(norm.Site.Index, scope);
            text.Append(".Norm(").Append(index).Append(')');
        }
    }

    static string Comment(Operation operation)
    {
        var parts = new List<string>();
        var then = operation.Epilogue;
        if (operation.Kind == OperationKind.Loss) return "softmax cross-entropy";
        if (operation.Site is { Layer: Conv2d or Dense or Tap or BatchNorm } site) parts.Add(site.ShortName);
        if (then.InnerNorm is { } inner) parts.Add(Name(inner, operation));
        if (then.InnerRelu) parts.Add("relu");
        if (then.Addend is not null) parts.Add("shortcut");
        if (then.OuterNorm is { } outer) parts.Add(Name(outer, operation));
        if (then.OuterRelu) parts.Add("relu");
        if (operation.Kind == OperationKind.Apply && parts.Count == 0) parts.Add("a copy, because a shortcut keeps this value");
        var names = string.Join(" + ", parts);
        var details = operation.Site is { Layer: not (Tap or BatchNorm) and var layer } ? layer.Describe(operation.From!.Shape) : "";
        return names.Length == 0 || details.Length == 0 ? names + details : names + ": " + details;
    }

    static string Comment(BackwardOperation operation) => operation switch
    {
        { Kind: BackwardOperationKind.Pass, Accumulate: true } => "the gradients of two branches, added",
        { Kind: BackwardOperationKind.Pass } => "a copy, because two branches go on from this gradient",
        { Site: { Layer: Conv2d or Dense or BatchNorm } site } => site.ShortName + (operation.Rectified is null ? "" : " + relu"),
        { Site: { } site } => site.Layer.Describe(operation.To!.Shape),
        _ => "relu",
    };

    static string Name(NormReference norm, Operation operation) =>
        norm.BehindLast is { } last ? $"next {norm.Site.ShortName} (last: {last.Name})"
        : norm.IsNext ? "next " + norm.Site.ShortName
        : norm.Site.Unit == operation.Unit ? norm.Site.ShortName
        : norm.Site.Name;
}
