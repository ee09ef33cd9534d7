using System.Globalization;

namespace ResNet.Dsl;

public sealed partial class NetworkBuilder
{
    /// <summary>Layers in a scope of their own.</summary>
    /// <param name="body">Declares the layers.</param>
    /// <param name="name">Scope of their names; <c>block1</c>, <c>block2</c> … by default, none if empty.</param>
    /// <exception cref="NetworkException">A layer of the body does not fit.</exception>
    public NetworkBuilder Sequence(Action<NetworkBuilder> body, string? name = null)
    {
        var layers = Declare(body, name).End("");
        return Add(name, "block", n => layers with { Name = n });
    }

    /// <summary>
    /// The same layers several times, each time with parameters of their own. Iterations that keep their input's shape
    /// become one loop of the generated code: they are alike, so the body declares them once.
    /// </summary>
    /// <param name="count">Number of iterations.</param>
    /// <param name="body">Declares one iteration.</param>
    /// <param name="name">Scope of the names; <c>layer1</c>, <c>layer2</c> … by default. Iteration i stands in <c>name.i</c>.</param>
    /// <param name="first">Number of the first iteration in names.</param>
    /// <exception cref="NetworkException">The count is out of range, or a layer of the body does not fit.</exception>
    public NetworkBuilder Repeat(int count, Action<NetworkBuilder> body, string? name = null, int first = 0)
    {
        RequireInput();
        Limits.Check(count, 1, Limits.MaxCount, "count");
        Limits.Check(first, 0, Limits.MaxCount, "first");
        var scope = name ?? _names.Next("layer");
        for (int i = 0, loops; i < count; i += loops)
        {
            var (tapsBefore, outputsBefore) = (_taps.Count, _outputs.Count);
            var iteration = Declare(body, name: null);
            loops = iteration._shape == _shape ? count - i : 1;
            if (loops > 1 && _taps.Count > tapsBefore) throw NamesSeveral("A tap");
            if (loops > 1 && _outputs.Count > outputsBefore) throw NamesSeveral("An output");
            var unit = iteration.SingleUnit ?? iteration.End("");
            var layer = loops > 1
                ? new Dsl.Repeat(scope, unit is Dsl.Sequence sequence ? sequence : new("", new([unit])), loops, first + i)
                : unit with { Name = FullName.Join(scope, (first + i).ToString(CultureInfo.InvariantCulture)) };
            Add(layer.Name, "layer", _ => layer);
        }
        return this;

        NetworkException NamesSeveral(string what) =>
            new(ErrorIds.DuplicateName, $"{what} inside a body that is repeated {count} times would name {count} values", "body");
    }

    /// <summary>
    /// A side branch whose end is an output of the network; the next layer continues from the start of the branch. The value that
    /// a network's last branches begin with is no output, unless <see cref="Output"/> says so.
    /// </summary>
    /// <param name="name">Name of the output, unique in the network, and scope of the names within.</param>
    /// <param name="body">Declares the layers of the branch.</param>
    /// <exception cref="NetworkException">The name is empty or taken, or a layer of the body does not fit.</exception>
    public NetworkBuilder Branch(string name, Action<NetworkBuilder> body)
    {
        var branch = Declare(body, name ?? "");
        ClaimOutput(name);
        return Add(name, "branch", n => new Dsl.Branch(n, branch.End("")));
    }

    /// <summary>A residual unit: <c>activation(main(x) + shortcut(x))</c>.</summary>
    /// <param name="main">Declares the residual function.</param>
    /// <param name="shortcut">The path of the input to the addition. A gate's bias is −6 at first, the best of He et al. 2016, Table 1.</param>
    /// <param name="activation">The layers after the addition.</param>
    /// <param name="name">Scope of the names within; <c>block1</c>, <c>block2</c> … by default, none if empty.</param>
    /// <param name="merge">The operation that joins the two branches; a product makes one the gate of the other.</param>
    /// <exception cref="NetworkException">The two branches' shapes differ in a way that the shortcut cannot follow, or exclusive gating stands in a product.</exception>
    public NetworkBuilder Residual(Action<NetworkBuilder> main, Shortcut shortcut = Shortcut.Identity, Activation activation = Activation.Relu, string? name = null, Merge merge = Merge.Sum) =>
        Residual(main, shortcut, activation, name, merge, Shortcuts.UsualGateBias);

    /// <summary>A residual unit with a shortcut of its own design.</summary>
    /// <param name="main">Declares the residual function.</param>
    /// <param name="shortcut">Declares the shortcut; its names stand in the scope <c>downsample</c>.</param>
    /// <param name="activation">The layers after the addition.</param>
    /// <param name="name">Scope of the names within; <c>block1</c>, <c>block2</c> … by default, none if empty.</param>
    /// <param name="merge">The operation that joins the two branches; a product makes one the gate of the other.</param>
    /// <exception cref="NetworkException">The two branches' shapes differ.</exception>
    public NetworkBuilder Residual(Action<NetworkBuilder> main, Action<NetworkBuilder> shortcut, Activation activation = Activation.Relu, string? name = null, Merge merge = Merge.Sum)
    {
        var branch = Declare(main, name);
        var other = Declare(shortcut, name: null);
        if (other._shape != branch._shape)
            throw new NetworkException(ErrorIds.BranchesDiffer, $"The residual branch yields {branch._shape}, its shortcut {other._shape}; they are {(merge == Merge.Sum ? "added" : "multiplied")}, so they must agree", "shortcut");
        return AddResidual(branch, other._layers.Count == 0 ? Dsl.Sequence.Empty : other.End(Shortcuts.Scope), activation, name, merge);
    }

    NetworkBuilder AddResidual(NetworkBuilder main, Sequence shortcut, Activation activation, string? name, Merge merge)
    {
        Limits.CheckDefined(activation, "activation");
        Limits.CheckDefined(merge, "merge");
        main._names.Claim(shortcut);
        // The layers after the addition belong to the unit, so they share the main branch's names: bn3 after bn2.
        var after = new NetworkBuilder(this, main._shape, main._names);
        if (activation == Activation.BatchNormRelu) after.BatchNorm();
        if (activation != Activation.None) after.Relu();
        return Add(name, "block", n => new Dsl.Residual(n, main.End(""), shortcut, after.End(""), merge));
    }

    /// <summary>Runs the declaration of a branch. Without a scope of its own (an empty name) it shares this builder's names.</summary>
    NetworkBuilder Declare(Action<NetworkBuilder> declare, string? name)
    {
        if (declare is null) throw new ArgumentNullException(nameof(declare));
        RequireInput();
        var branch = new NetworkBuilder(this, _shape, name?.Length == 0 ? _names : new());
        _state = State.Waiting;
        try
        {
            declare(branch);
        }
        finally
        {
            _state = State.Open;
            branch._state = State.Ended;
        }
        return branch;
    }

    /// <summary>The single unit of an iteration's body, which takes the iteration's name: <c>layer1.0.conv1</c>, not <c>layer1.0.block1.conv1</c>.</summary>
    Layer? SingleUnit => _layers.Count == 1 && _layers[0] is (Dsl.Residual or Dsl.Sequence, true) ? _layers[0].Layer with { Name = "" } : null;
}
