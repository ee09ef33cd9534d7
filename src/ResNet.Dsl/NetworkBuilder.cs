namespace ResNet.Dsl;

/// <summary>
/// The fluent vocabulary of the DSL. Executed, it yields the layer tree; in a <c>[Network]</c> class the compiler reads
/// the same calls and drives this very builder with them. Every call checks the shapes at once.
/// </summary>
public sealed partial class NetworkBuilder
{
    readonly List<(Layer Layer, bool AutoNamed)> _layers = [];
    readonly Dictionary<string, int> _counters;
    readonly HashSet<string> _names;
    readonly HashSet<string> _taps;
    readonly NetworkBuilder? _parent;
    Shape? _input;
    Shape _shape;
    bool _waiting;

    /// <summary>Starts a network.</summary>
    public NetworkBuilder()
    {
        _counters = [];
        _names = [];
        _taps = [];
    }

    /// <summary>Starts a branch of <paramref name="parent"/>, with names of its own unless it shares the parent's.</summary>
    NetworkBuilder(NetworkBuilder parent, Shape shape, NetworkBuilder? sharesNamesWith = null)
    {
        _parent = parent;
        _input = shape;
        _shape = shape;
        _counters = sharesNamesWith?._counters ?? [];
        _names = sharesNamesWith?._names ?? [];
        _taps = parent._taps;
    }

    /// <summary>Shape of the activation behind the last layer.</summary>
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
    /// <param name="channels">Colour channels.</param>
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
        ShapeInference.CheckInput(shape);
        _input = shape;
        _shape = shape;
        return this;
    }

    /// <summary>Ends the declaration.</summary>
    /// <param name="name">Name of the network, for people.</param>
    /// <returns>The layer tree.</returns>
    /// <exception cref="NetworkException">There is no input, or no layer.</exception>
    public NetworkDefinition Build(string name)
    {
        RequireInput();
        if (_layers.Count == 0)
            throw new NetworkException(ErrorIds.EmptyNetwork, "The network has no layers");
        return new(name, _input!.Value, End(""));
    }

    Sequence End(string name) => new(name, new(_layers.Select(entry => entry.Layer)));

    void RequireInput()
    {
        if (_waiting)
            throw new NetworkException(ErrorIds.WrongBuilder, "This builder waits for the branch inside it; call the branch's own builder, the parameter of the lambda");
        if (_input is null)
            throw new NetworkException(ErrorIds.NoInput, "The network has no input; begin with Input(channels, height, width)");
    }

    /// <summary>Adds a layer behind the last one, naming it after its kind where the user did not.</summary>
    NetworkBuilder Add(string? name, string kind, Func<string, Layer> create)
    {
        RequireInput();
        var layer = create(name ?? NextName(kind));
        _shape = ShapeInference.Output(layer, _shape);
        foreach (var taken in ScopesOf(layer)) Claim(_names, taken);
        _layers.Add((layer, name is null));
        return this;
    }

    /// <summary>The names that parameters stand under. Activations and pools have none: each of them is "relu", as in torchvision.</summary>
    static IEnumerable<string> ScopesOf(Layer layer) => layer switch
    {
        Dsl.Repeat repeat => Enumerable.Range(0, repeat.Count).Select(i => LayerTable.Iteration(repeat, i)),
        Conv2d or Dsl.BatchNorm or Dsl.Dense or Dsl.Sequence or Dsl.Residual => [layer.Name],
        _ => [],
    };

    string NextName(string kind)
    {
        string name;
        do
        {
            _counters.TryGetValue(kind, out var used);
            _counters[kind] = used + 1;
            // torchvision has one "fc", but counts convolutions from one.
            name = kind == "fc" && used == 0 ? kind : FormattableString.Invariant($"{kind}{used + 1}");
        }
        while (_names.Contains(name));
        return name;
    }

    static void Claim(HashSet<string> names, string name)
    {
        if (!names.Add(name))
            throw new NetworkException(ErrorIds.DuplicateName, $"The name \"{name}\" is taken already", "name");
    }
}
