using System.Globalization;

namespace ResNet.Dsl;

/// <summary>
/// The same body, with parameters of its own each time, <paramref name="Count"/> times. It keeps its input's shape,
/// and stays a loop in generated code.
/// </summary>
/// <param name="Name">Scope of the names within; iteration i stands in <c>Name.(First + i)</c>.</param>
/// <param name="Body">The layers that are repeated.</param>
/// <param name="Count">Number of iterations.</param>
/// <param name="First">Number of the first iteration in names.</param>
public sealed record Repeat(string Name, Sequence Body, int Count, int First = 0) : Layer(Name)
{
    internal override BuilderCall? Call => null;

    internal override long LayerCount => Count * Body.LayerCount;

    internal override IEnumerable<string> ParameterNames =>
        Enumerable.Range(0, Count).SelectMany(i => Body.ParameterNames.Select(name => FullName.Join(IterationScope(i), name)));

    /// <summary>The scope of one iteration, counted from zero.</summary>
    internal string IterationScope(int iteration) => FullName.Join(Name, (First + iteration).ToString(CultureInfo.InvariantCulture));

    internal override Shape OutputShape(Shape input)
    {
        Limits.Check(Count, 1, Limits.MaxCount, "count");
        // An iteration that is cut off a repeat begins anywhere in it.
        Limits.Check(First, 0, 2 * Limits.MaxCount, "first");
        return input;
    }

    internal override Shape Unroll(Shape input, string scope, List<LayerInstance> rows)
    {
        for (var i = 0; i < Count; i++)
        {
            var output = Body.Unroll(input, FullName.Join(scope, IterationScope(i)), rows);
            if (output != input)
                throw new NetworkException(ErrorIds.BranchesDiffer, $"{FullName.Join(scope, IterationScope(i))} turns {input} into {output}; layers that are repeated keep their input's shape");
        }
        return input;
    }

    internal override Shape CollectOutputs(Shape input, List<NetworkOutput> outputs)
    {
        for (var i = 0; i < Count; i++) Body.CollectOutputs(input, outputs);
        return input;
    }

    internal override string Describe(Shape input) => Words.Of($"({Body.Describe(input)}) ×{Count}");

    /// <summary>Iterations that are frozen, in part frozen and not frozen at all become repeats of their own.</summary>
    internal override Layer Freeze(long count)
    {
        var size = Body.LayerCount;
        var whole = size == 0 ? 0 : (int)Math.Min(Count, Math.Max(0, count) / size);
        var part = whole < Count && count > whole * size ? 1 : 0;
        Repeat[] pieces =
        [
            this with { Body = Body.FreezeLayers(size), Count = whole },
            this with { Body = Body.FreezeLayers(count - whole * size), Count = part, First = First + whole },
            this with { Count = Count - whole - part, First = First + whole + part },
        ];
        pieces = [.. pieces.Where(piece => piece.Count > 0)];
        return pieces.Length == 1 ? pieces[0] : new Sequence("", new(pieces));
    }
}
