namespace ResNet.Dsl;

/// <summary>The builder call that declares a layer: a method and its arguments as values, independent of the language that writes them.</summary>
sealed class BuilderCall(string method)
{
    readonly List<(string? Name, object Value)> _arguments = [];

    /// <summary>Name of the method.</summary>
    public string Method => method;

    /// <summary>Numbers, flags and text in order; named where the call names them.</summary>
    public IReadOnlyList<(string? Name, object Value)> Arguments => _arguments;

    /// <summary>Adds an argument, under its parameter's name if given.</summary>
    public BuilderCall With(object value, string? name = null)
    {
        _arguments.Add((name, value));
        return this;
    }

    /// <summary>Adds a named argument unless it has its default value.</summary>
    public BuilderCall Unless(object usual, object value, string name) => value.Equals(usual) ? this : With(value, name);
}
