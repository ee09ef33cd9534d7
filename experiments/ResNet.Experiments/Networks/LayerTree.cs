using System.Globalization;
using ResNet.Dsl;
using ResNet.Runtime;

namespace ResNet.Experiments.Networks;

/// <summary>Networks as others that compute the same, with names for values inside: repeats are unrolled, as they have one body for many values.</summary>
static class LayerTree
{
    /// <summary>
    /// Adds a tap after each normalization that follows a 3×3 convolution, under the convolution's full name: the layer responses of
    /// He et al. 2015, Figure 7.
    /// </summary>
    public static NetworkDefinition WithResponses(NetworkDefinition network) => network with { Body = WithResponses(network.Body, "") };

    /// <summary>
    /// Adds an output after the stem and after each unit, <c>x0</c>, <c>x1</c> …: the values x_l of He et al. 2016, section 2, or what stands
    /// in their place in a plain network.
    /// </summary>
    /// <param name="network">A network of one of the papers' architectures.</param>
    /// <exception cref="ArgumentException">It has no units.</exception>
    public static NetworkDefinition WithUnitOutputs(NetworkDefinition network)
    {
        var layers = Unrolled(network.Body.Layers).ToList();
        var first = layers.FindIndex(IsUnit);
        if (first < 0) throw new ArgumentException($"{network.Name} has no residual units or blocks", nameof(network));
        var marked = new List<Layer>();
        var units = 0;
        for (var i = 0; i < layers.Count; i++)
        {
            if (i == first) marked.Add(new Output(UnitOutput(units++)));
            marked.Add(layers[i]);
            if (IsUnit(layers[i])) marked.Add(new Output(UnitOutput(units++)));
        }
        return network with { Body = network.Body with { Layers = new(marked) } };
    }

    /// <summary>Name of the output after so many units.</summary>
    public static string UnitOutput(int units) => $"x{units.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Makes the network of a definition with the parameters and the preprocessing of another, which has the same parameters.</summary>
    public static Network Copy(Network network, NetworkDefinition definition)
    {
        var copy = Network.Create(definition, network.Device);
        copy.Preprocessing = network.Preprocessing;
        foreach (var tensor in copy.Parameters.Tensors)
        {
            var values = network.Parameters[tensor.Name].Read().ToArray();
            tensor.Edit(to => values.CopyTo(to));
        }
        return copy;
    }

    static Sequence WithResponses(Sequence sequence, string scope)
    {
        var inner = Join(scope, sequence.Name);
        var tapped = new List<Layer>();
        var before = default(Layer);
        foreach (var layer in Unrolled(sequence.Layers))
        {
            tapped.Add(layer switch
            {
                Sequence nested => WithResponses(nested, inner),
                Residual unit => unit with
                {
                    Main = WithResponses(unit.Main, Join(inner, unit.Name)),
                    Shortcut = WithResponses(unit.Shortcut, Join(inner, unit.Name)),
                    Activation = WithResponses(unit.Activation, Join(inner, unit.Name)),
                },
                _ => layer,
            });
            if (layer is BatchNorm && before is Conv2d { Kernel: 3 } conv) tapped.Add(new Tap(Join(inner, conv.Name)));
            before = layer;
        }
        return sequence with { Layers = new(tapped) };
    }

    static IEnumerable<Layer> Unrolled(IEnumerable<Layer> layers) => layers.SelectMany(layer => layer is Repeat repeat
        ? Enumerable.Range(repeat.First, repeat.Count).Select(number => Iteration(repeat, number))
        : [layer]);

    /// <summary>One iteration: the single unit that the body is, under the iteration's name, or a sequence.</summary>
    static Layer Iteration(Repeat repeat, int number)
    {
        var name = Join(repeat.Name, number.ToString(CultureInfo.InvariantCulture));
        return repeat.Body is { Name: "", Layers: [Residual { Name: "" } unit] } ? unit with { Name = name } : repeat.Body with { Name = Join(name, repeat.Body.Name) };
    }

    static bool IsUnit(Layer layer) => layer is Residual or Sequence;

    static string Join(string scope, string name) => scope.Length == 0 ? name : name.Length == 0 ? scope : $"{scope}.{name}";
}
