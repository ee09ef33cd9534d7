namespace ResNet.Dsl;

/// <summary>Writes a layer tree back as the builder calls that yield it.</summary>
/// <param name="qualifier">Stands before the names of the DSL's types; empty where a using directive makes them known.</param>
sealed class BuilderCalls(string qualifier)
{
    /// <summary>The largest number of calls in one chain: compilers recurse over them.</summary>
    const int MaxCalls = 100;

    /// <summary>The longest line that a call may be added to.</summary>
    const int MaxWidth = 120;

    /// <summary>The longest lambda on the line of its call, and the longest end of a lambda that arguments may be added to.</summary>
    const int MaxLambda = 80;

    readonly List<IReadOnlyList<string>> _parts = [];

    /// <summary>Methods that declare the parts of sequences too long for one chain.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Parts => _parts;

    /// <summary>The expression that builds a network.</summary>
    /// <exception cref="NotSupportedException">The network has a layer at a place where no call declares it.</exception>
    public List<string> Expression(NetworkDefinition network)
    {
        var lines = Declaration($"new {qualifier}NetworkBuilder()", network);
        lines.Add($"    .Build({Text.Literal(network.Name)})");
        return lines;
    }

    /// <summary>The expression that declares a network on a builder.</summary>
    /// <exception cref="NotSupportedException">The network has a layer at a place where no call declares it.</exception>
    public List<string> Declaration(string builder, NetworkDefinition network)
    {
        var (channels, height, width) = (network.Input.Channels, network.Input.Height, network.Input.Width);
        return Call($"{builder}.Input({Text.Of(channels)}, {Text.Of(height)}, {Text.Of(width)})", network.Body.Layers, network.Input);
    }

    /// <summary>An expression that declares layers on a builder.</summary>
    List<string> Call(string builder, IReadOnlyList<Layer> layers, Shape input)
    {
        if (layers.Count <= MaxCalls)
        {
            var chain = Chain(layers, input);
            return chain.Count == 1 && builder.Length + chain[0].Length <= MaxLambda ? [builder + chain[0]] : [builder, .. Indent(chain)];
        }
        var size = Math.Max(MaxCalls, (layers.Count + MaxCalls - 1) / MaxCalls);
        for (var begin = 0; begin < layers.Count; begin += size)
        {
            var part = layers.Skip(begin).Take(size).ToList();
            builder = $"{Part(part, input)}({builder})";
            input = new Sequence("", new(part)).OutputShape(input);
        }
        return [builder];
    }

    string Part(IReadOnlyList<Layer> layers, Shape input)
    {
        var lines = Call("net", layers, input);
        Append(lines, ";");
        var name = "Part" + Text.Of(_parts.Count + 1);
        _parts.Add([$"static {qualifier}NetworkBuilder {name}({qualifier}NetworkBuilder net) =>", .. Indent(lines)]);
        return name;
    }

    /// <summary>Writes calls one after another; activations and the like stand on the line of the convolution before them.</summary>
    List<string> Chain(IReadOnlyList<Layer> layers, Shape shape)
    {
        var lines = new List<string>();
        var joins = false;
        foreach (var layer in layers)
        {
            var call = CallOf(layer, shape);
            joins = joins && layer is BatchNorm or Relu or Sigmoid or Scale or Dropout or StochasticDepth && lines[lines.Count - 1].Length + call[0].Length <= MaxWidth;
            if (joins) Append(lines, call[0]);
            else lines.AddRange(call);
            joins = layer.Call is not null;
            shape = layer.OutputShape(shape);
        }
        return lines;
    }

    List<string> CallOf(Layer layer, Shape input) => layer switch
    {
        Sequence sequence => CallOf("Sequence(", "n", sequence, input, $", {Name(layer)})"),
        Repeat repeat => CallOf($"Repeat({Text.Of(repeat.Count)}, ", "n", repeat.Body, input,
            $", {Name(layer)}{(repeat.First > 0 ? $", first: {Text.Of(repeat.First)}" : "")})"),
        Residual residual => CallOf(residual, input),
        Branch branch => CallOf($"Branch({Text.Literal(branch.Name)}, ", "n", branch.Body, input, ")"),
        { Call: { } call } => [$".{call.Method}({string.Join(", ", call.Arguments.Select(Argument))})"],
        _ => throw new NotSupportedException($"No builder call declares {layer} by itself"),
    };

    List<string> CallOf(string head, string parameter, Sequence body, Shape input, string tail)
    {
        var lines = Lambda(parameter, body, input);
        lines[0] = "." + head + lines[0];
        AppendArguments(lines, tail);
        return lines;
    }

    List<string> CallOf(Residual residual, Shape input)
    {
        var activation = residual.Activation.Layers.Count switch
        {
            0 => $", activation: {qualifier}Activation.None",
            1 => "",
            2 => $", activation: {qualifier}Activation.BatchNormRelu",
            _ => throw new NotSupportedException($"No builder call declares {residual.Activation} after a merge"),
        };
        var merge = residual.Merge == Merge.Sum ? "" : $", merge: {qualifier}Merge.{residual.Merge}";
        var tail = $"{activation}, {Name(residual)}{merge})";
        var output = residual.Main.OutputShape(input);
        if (residual.Shortcut == Sequence.Empty) return CallOf("Residual(", "r", residual.Main, input, tail);
        if (KindOf(residual.Shortcut, input, output) is { } kind)
            return CallOf("Residual(", "r", residual.Main, input, $", {qualifier}Shortcut.{kind}{tail}");
        var main = Lambda("r", residual.Main, input);
        var shortcut = Lambda("s", residual.Shortcut, input);
        Append(main, ",");
        Append(shortcut, ",");
        return [".Residual(", .. Indent(main), .. Indent(shortcut), .. Indent([tail.Substring(2)])];
    }

    /// <summary>The kind of shortcut that yields those layers, if there is one.</summary>
    static Shortcut? KindOf(Sequence shortcut, Shape input, Shape output)
    {
        var kind = shortcut.Layers.Count == 1 ? Shortcut.ZeroPad
            : input == output ? Shortcut.ProjectionAlways
            : shortcut.Layers[0].Name == "0" ? Shortcut.Projection
            : Shortcut.AveragedProjection;
        try
        {
            return Shortcuts.Create(kind, input, output) == shortcut ? kind : null;
        }
        catch (NetworkException)
        {
            return null;
        }
    }

    List<string> Lambda(string parameter, Sequence body, Shape input)
    {
        if (body.Layers.Count == 0) return [parameter + " => { }"];
        var lines = Call(parameter, body.Layers, input);
        lines[0] = $"{parameter} => {lines[0]}";
        return lines;
    }

    static string Argument((string? Name, object Value) argument)
    {
        var value = argument.Value switch
        {
            int number => Text.Of(number),
            double number => Text.Of(number),
            bool flag => flag ? "true" : "false",
            string text => Text.Literal(text),
            var other => throw new NotSupportedException($"{other} is no argument of a builder call"),
        };
        return argument.Name is { } name ? $"{name}: {value}" : value;
    }

    static string Name(Layer layer) => "name: " + Text.Literal(layer.Name);

    static IEnumerable<string> Indent(IEnumerable<string> lines) => lines.Select(line => "    " + line);

    /// <summary>Appends the arguments after a lambda, on a line of their own if the lambda's last line is full.</summary>
    static void AppendArguments(List<string> lines, string tail)
    {
        if (tail == ")" || lines[lines.Count - 1].Length + tail.Length <= MaxLambda)
        {
            Append(lines, tail);
            return;
        }
        Append(lines, ",");
        lines.Add($"    {tail.Substring(2)}");
    }

    static void Append(List<string> lines, string text) => lines[lines.Count - 1] += text;
}
