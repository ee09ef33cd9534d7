namespace ResNet.Dsl;

/// <summary>
/// The fluent vocabulary of the DSL. Executed, it yields the layer tree; in a <c>[Network]</c> class the compiler reads
/// the same calls and drives this very builder with them. Every call checks the shapes at once.
/// </summary>
public sealed partial class NetworkBuilder
{
    enum State
    {
        Open,
        /// <summary>A branch inside is being declared.</summary>
        Waiting,
        /// <summary>The branch that this builder declares is complete.</summary>
        Ended,
    }

    readonly List<(Layer Layer, bool AutoNamed)> _layers = [];
    readonly NameScope _names;
    readonly HashSet<string> _taps;
    readonly HashSet<string> _outputs;
    readonly NetworkBuilder? _parent;
    Shape? _input;
    Shape _shape;
    State _state;
    long _count;

    /// <summary>Starts a network.</summary>
    public NetworkBuilder()
    {
        _names = new();
        _taps = [];
        _outputs = [];
    }

    /// <summary>Starts a branch of <paramref name="parent"/>.</summary>
    NetworkBuilder(NetworkBuilder parent, Shape shape, NameScope names)
    {
        _parent = parent;
        _input = shape;
        _shape = shape;
        _names = names;
        _taps = parent._taps;
        _outputs = parent._outputs;
    }

    /// <summary>The shape of the activation after the last layer.</summary>
    /// <exception cref="NetworkException">There is no input yet.</exception>
    public Shape Shape
    {
        get
        {
            RequireInput();
            return _shape;
        }
    }

    /// <summary>Declares the input image. The first call of every network.</summary>
    /// <param name="channels">Color channels.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <exception cref="NetworkException">There is an input already, or a size is out of range.</exception>
    public NetworkBuilder Input(int channels, int height, int width)
    {
        if (_input is { } given)
            throw new NetworkException(ErrorIds.SecondInput, _parent is null
                ? $"The network has an input already, {given}"
                : "A branch takes its input from the network around it");
        var shape = new Shape(channels, height, width);
        Limits.CheckInput(shape);
        _input = shape;
        _shape = shape;
        return this;
    }

    /// <summary>Ends the declaration.</summary>
    /// <param name="name">Name of the network, for people.</param>
    /// <returns>The layer tree.</returns>
    /// <exception cref="NetworkException">There is no input, or no layer, or an output has the name of the end, or this is the builder of a branch.</exception>
    public NetworkDefinition Build(string name)
    {
        RequireInput();
        if (_parent is not null)
            throw new NetworkException(ErrorIds.WrongBuilder, "This builder declares a branch; only the network around it can be built");
        if (_layers.Count == 0)
            throw new NetworkException(ErrorIds.EmptyNetwork, "The network has no layers");
        var network = new NetworkDefinition(name, _input!.Value, End(""));
        if (network.EndIsUnnamed && _outputs.Contains(NetworkOutput.DefaultName))
            throw new NetworkException(ErrorIds.DuplicateName, $"\"{NetworkOutput.DefaultName}\" is the end of the network, but another output has that name; end with Output(name), or name the other one otherwise");
        return network;
    }

    Sequence End(string name) => new(name, new(_layers.Select(entry => entry.Layer)));

    void RequireInput()
    {
        if (_state == State.Waiting)
            throw new NetworkException(ErrorIds.WrongBuilder, "This builder waits for the branch inside it; call the branch's own builder, the parameter of the lambda");
        if (_state == State.Ended)
            throw new NetworkException(ErrorIds.WrongBuilder, "This builder's branch is complete; a layer added now would be lost");
        if (_input is null)
            throw new NetworkException(ErrorIds.NoInput, "The network has no input; begin with Input(channels, height, width)");
    }

    /// <summary>Appends a layer, and names it after its kind if the user did not.</summary>
    NetworkBuilder Add(string? name, string kind, Func<string, Layer> create)
    {
        RequireInput();
        var layer = create(name ?? _names.Next(kind));
        // An unnamed scope is its parent's scope: what stands in it has claimed its names there already.
        var isUnnamedScope = layer is Dsl.Sequence or Dsl.Residual && layer.Name.Length == 0;
        if (!isUnnamedScope && !(layer is Dsl.Repeat && layer.Name.Length == 0)) NameScope.Check(layer.Name);
        _count += layer.LayerCount;
        if (_count > Limits.MaxLayers)
            throw new NetworkException(ErrorIds.SizeOutOfRange, $"The network would have {_count} layers, more than {Limits.MaxLayers}", layer is Dsl.Repeat ? "count" : null);
        _shape = layer.OutputShape(_shape);
        if (!isUnnamedScope) _names.Claim(layer);
        _layers.Add((layer, name is null));
        return this;
    }
}
