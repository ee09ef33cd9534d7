namespace ResNet.Dsl;

/// <summary>
/// The names of one scope: which are taken, by layers and by scopes within, and which comes next. Two layers of one
/// name would load the same parameters, so names are compared as the parameters will carry them, dots and all.
/// </summary>
sealed class NameScope
{
    readonly Dictionary<string, int> _counters = [];
    readonly HashSet<string> _layers = [];
    readonly HashSet<string> _scopes = [];

    /// <summary>The next free name of that kind: <c>conv1</c>, <c>conv2</c> …</summary>
    public string Next(string kind)
    {
        string name;
        do
        {
            _counters.TryGetValue(kind, out var used);
            _counters[kind] = used + 1;
            // torchvision has one "fc", but counts convolutions from one.
            name = kind == "fc" && used == 0 ? kind : FormattableString.Invariant($"{kind}{used + 1}");
        }
        while (_layers.Contains(name) || _scopes.Contains(name));
        return name;
    }

    /// <summary>Takes the names of the layers with parameters in <paramref name="layer"/>, itself included.</summary>
    /// <exception cref="NetworkException">One of them is taken.</exception>
    public void Claim(Layer layer)
    {
        foreach (var name in layer.ParameterNames) Claim(name);
    }

    void Claim(string name)
    {
        if (_scopes.Contains(name) || !_layers.Add(name)) throw Taken(name);
        for (var dot = name.IndexOf('.'); dot >= 0; dot = name.IndexOf('.', dot + 1))
        {
            var scope = name.Substring(0, dot);
            if (_layers.Contains(scope)) throw Taken(scope);
            _scopes.Add(scope);
        }
    }

    /// <summary>Checks the form of a name: words of letters, digits, <c>_</c> and <c>-</c>, with dots between.</summary>
    /// <exception cref="NetworkException">It has another form.</exception>
    public static void Check(string name)
    {
        if (!name.Split('.').All(word => word.Length > 0 && word.All(c => char.IsLetterOrDigit(c) || c is '_' or '-')))
            throw new NetworkException(ErrorIds.DuplicateName, $"\"{name}\" is no name; use letters, digits, '_' and '-', with dots between scopes", "name");
    }

    /// <summary>The error of a name that something else has.</summary>
    public static NetworkException Taken(string name) =>
        new(ErrorIds.DuplicateName, $"The name \"{name}\" is taken already", "name");
}
