using System.Globalization;
using ResNet.Dsl;
using ResNet.Onnx.Importing;

namespace ResNet.Onnx.Sources;

/// <summary>Finds the structure of a network that a model has only as a chain of layers: scopes of units, and stages whose units are alike.</summary>
static class NetworkStructure
{
    /// <summary>
    /// Returns the same network as people would declare it. Layers keep names of the form that declarations give them, <c>layer1.0.conv1</c> in a unit and
    /// <c>layer1.0.downsample.0</c> on its shortcut. Units whose layers have no common scope get one, and new names.
    /// </summary>
    public static ReadNetwork Of(ReadNetwork read)
    {
        var definition = Find(read.Definition, keepsNames: true);
        try
        {
            definition.Validate();
        }
        catch (NetworkException)
        {
            // Two of the model's names become one in the declaration's scopes.
            definition = Find(read.Definition, keepsNames: false);
        }
        return read with
        {
            Definition = definition,
            Values = ParametersOf(definition).Zip(ParametersOf(read.Definition)).ToDictionary(names => names.First, names => read.Values[names.Second]),
        };
    }

    static IEnumerable<string> ParametersOf(NetworkDefinition network) => network.Layers().SelectMany(layer => layer.Parameters).Select(parameter => parameter.Name);

    static NetworkDefinition Find(NetworkDefinition network, bool keepsNames)
    {
        var names = new LayerNames(keepsNames ? network.Layers().Where(layer => layer.Parameters.Count > 0).Select(layer => layer.Name) : []);
        var layers = network.Body.Layers.Select(layer => layer switch
        {
            Residual unit => keepsNames ? UnitScopes.Find(unit) : UnitScopes.Number(unit),
            _ => keepsNames ? layer : UnitScopes.Number(layer, names),
        }).ToList();
        return network with { Body = new("", new(Stages(layers, network.Input, names))) };
    }

    /// <summary>Makes repeats of equal units with consecutive numbers, and names units that have no name.</summary>
    static IEnumerable<Layer> Stages(List<Layer> layers, Shape shape, LayerNames names)
    {
        for (int i = 0, count; i < layers.Count; i += count)
        {
            count = 1;
            var input = shape;
            shape = new NetworkDefinition("", shape, new("", new([layers[i]]))).Output;
            if (layers[i] is not Residual unit)
            {
                yield return layers[i];
                continue;
            }
            var (stage, first) = StageOf(unit.Name);
            if (shape == input && stage is not null)
                while (layers.ElementAtOrDefault(i + count) is Residual next && next with { Name = unit.Name } == unit && StageOf(next.Name) == (stage, stage.Length > 0 ? first + count : 0)) count++;
            yield return count > 1
                ? new Repeat(stage!.Length > 0 ? stage : names.Next("layer"), new("", new([unit with { Name = "" }])), count, first)
                : unit with { Name = unit.Name.Length > 0 ? unit.Name : names.Next("block") };
        }
    }

    /// <summary>The stage of a unit's scope and its number in it: <c>layer1</c> and 2 of <c>layer1.2</c>. The stage is empty for a unit without a scope, and null if there is none.</summary>
    static (string? Stage, int Number) StageOf(string scope)
    {
        if (scope.Length == 0) return ("", 0);
        var dot = scope.LastIndexOf('.');
        // A number with leading zeros would come back without them.
        return dot > 0 && int.TryParse(scope[(dot + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number.ToString(CultureInfo.InvariantCulture) == scope[(dot + 1)..]
            ? (scope[..dot], number)
            : (null, 0);
    }
}
