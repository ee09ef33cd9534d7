namespace ResNet.Dsl;

/// <summary>The operations by which a residual unit joins its two branches, element by element.</summary>
public enum Merge
{
    /// <summary>Adds them (He et al. 2015).</summary>
    Sum,

    /// <summary>Multiplies them: one branch is the other's gate (He et al. 2016, section 3.1).</summary>
    Product,
}

/// <summary>
/// A residual unit (He et al. 2015, section 3.1): <c>activation(main(x) + shortcut(x))</c>, or the same with a product.
/// </summary>
/// <param name="Name">Scope of the names within; empty for none.</param>
/// <param name="Main">The residual function.</param>
/// <param name="Shortcut">The shortcut; empty for the identity.</param>
/// <param name="Activation">The layers after the merge; empty for none, as in pre-activation units.</param>
/// <param name="Merge">The operation that joins the two branches.</param>
public sealed record Residual(string Name, Sequence Main, Sequence Shortcut, Sequence Activation, Merge Merge = Merge.Sum) : Layer(Name)
{
    internal override BuilderCall? Call => null;

    internal override long LayerCount => Main.LayerCount + Shortcut.LayerCount + Activation.LayerCount;

    internal override IEnumerable<string> ParameterNames => new[] { Main, Shortcut, Activation }
        .SelectMany(part => part.ParameterNames).Select(name => FullName.Join(Name, name));

    internal override Shape OutputShape(Shape input) => Activation.OutputShape(Main.OutputShape(input));

    internal override Shape Unroll(Shape input, string scope, List<LayerInstance> rows)
    {
        Limits.CheckDefined(Merge, "merge");
        var inner = FullName.Join(scope, Name);
        var merged = Main.Unroll(input, inner, rows);
        var other = Shortcut.Unroll(input, inner, rows);
        if (other != merged)
            throw new NetworkException(ErrorIds.BranchesDiffer, $"In {inner}, the residual branch turns {input} into {merged}, its shortcut into {other}");
        return Activation.Unroll(merged, inner, rows);
    }

    internal override Shape CollectOutputs(Shape input, List<NetworkOutput> outputs)
    {
        var merged = Main.CollectOutputs(input, outputs);
        Shortcut.CollectOutputs(input, outputs);
        return Activation.CollectOutputs(merged, outputs);
    }

    internal override string Describe(Shape input)
    {
        var sign = Merge switch
        {
            Merge.Sum => "+",
            Merge.Product => "×",
            _ => throw new NotSupportedException($"There is no merge {Merge}"),
        };
        return $"[{Main.Describe(input)}] {sign} {(Shortcut.Layers.Count == 0 ? "identity" : Shortcut.Describe(input))}";
    }

    internal override Layer Freeze(long count) => this with
    {
        Main = Main.FreezeLayers(count),
        Shortcut = Shortcut.FreezeLayers(count - Main.LayerCount),
        Activation = Activation.FreezeLayers(count - Main.LayerCount - Shortcut.LayerCount),
    };
}
