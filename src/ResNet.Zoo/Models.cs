namespace ResNet.Tool.Zoo;

/// <summary>Every network that the tool knows.</summary>
static class Models
{
    public static IReadOnlyList<Model> All { get; } =
    [
        new("resnet18", "ImageNet, 18 layers, basic blocks", device => new ResNet18(device)),
        new("resnet34", "ImageNet, 34 layers, basic blocks", device => new ResNet34(device)),
        new("resnet50", "ImageNet, 50 layers, bottlenecks", device => new ResNet50(device)),
        new("resnet101", "ImageNet, 101 layers, bottlenecks", device => new ResNet101(device)),
        new("resnet152", "ImageNet, 152 layers, bottlenecks", device => new ResNet152(device)),
        new("resnext50_32x4d", "ImageNet, ResNeXt-50, 32 groups of 4 channels", device => new ResNeXt50_32x4d(device)),
        new("resnext101_32x8d", "ImageNet, ResNeXt-101, 32 groups of 8 channels", device => new ResNeXt101_32x8d(device)),
        new("wide_resnet50_2", "ImageNet, Wide ResNet-50, twice the width", device => new WideResNet50_2(device)),
        new("wide_resnet101_2", "ImageNet, Wide ResNet-101, twice the width", device => new WideResNet101_2(device)),
        new("plain18", "ImageNet, 18 layers without shortcuts", device => new Plain18(device)),
        new("plain34", "ImageNet, 34 layers without shortcuts", device => new Plain34(device)),
        new("preact-resnet18", "ImageNet, 18 layers, pre-activation", device => new PreActResNet18(device)),
        new("preact-resnet34", "ImageNet, 34 layers, pre-activation", device => new PreActResNet34(device)),
        new("preact-resnet50", "ImageNet, 50 layers, pre-activation", device => new PreActResNet50(device)),
        new("preact-resnet101", "ImageNet, 101 layers, pre-activation", device => new PreActResNet101(device)),
        new("preact-resnet152", "ImageNet, 152 layers, pre-activation", device => new PreActResNet152(device)),
        new("cifar-resnet20", "CIFAR-10, 20 layers", device => new CifarResNet20(device)),
        new("cifar-resnet32", "CIFAR-10, 32 layers", device => new CifarResNet32(device)),
        new("cifar-resnet44", "CIFAR-10, 44 layers", device => new CifarResNet44(device)),
        new("cifar-resnet56", "CIFAR-10, 56 layers", device => new CifarResNet56(device)),
        new("cifar-resnet110", "CIFAR-10, 110 layers", device => new CifarResNet110(device)),
        new("cifar-resnet1202", "CIFAR-10, 1202 layers", device => new CifarResNet1202(device)),
        new("cifar-plain20", "CIFAR-10, 20 layers without shortcuts", device => new CifarPlain20(device)),
        new("cifar-plain32", "CIFAR-10, 32 layers without shortcuts", device => new CifarPlain32(device)),
        new("cifar-plain44", "CIFAR-10, 44 layers without shortcuts", device => new CifarPlain44(device)),
        new("cifar-plain56", "CIFAR-10, 56 layers without shortcuts", device => new CifarPlain56(device)),
        new("cifar-plain110", "CIFAR-10, 110 layers without shortcuts", device => new CifarPlain110(device)),
        new("cifar-preact-resnet110", "CIFAR-10, 110 layers, pre-activation", device => new CifarPreActResNet110(device)),
        new("cifar-preact-resnet164", "CIFAR-10, 164 layers, pre-activation bottlenecks", device => new CifarPreActResNet164(device)),
        new("cifar-preact-resnet1001", "CIFAR-10, 1001 layers, pre-activation bottlenecks", device => new CifarPreActResNet1001(device)),
    ];

    /// <summary>Finds a model by its name.</summary>
    /// <param name="name">The name; case makes no difference.</param>
    /// <param name="error">If there is none: why, and the names it may have meant.</param>
    public static Model? Find(string name, out string error)
    {
        error = "";
        var found = All.FirstOrDefault(model => Equals(model.Name, name));
        if (found is null) error = Explain(name);
        return found;
    }

    static string Explain(string name)
    {
        // A family that exists, at a depth that it does not have: name those it has.
        var family = name.TrimEnd([.. "0123456789"]);
        var depths = All
            .Where(model => model.Name.StartsWith(family, StringComparison.OrdinalIgnoreCase) && model.Name[family.Length..].All(char.IsAsciiDigit))
            .Select(model => model.Name[family.Length..])
            .ToList();
        if (family.Length > 0 && family.Length < name.Length && depths.Count > 0)
            return $"There is no {name}: {family} has {string.Join(", ", depths)} layers";

        var nearest = All
            .Select(model => (model.Name, Distance: model.Name.StartsWith(name, StringComparison.OrdinalIgnoreCase) ? 0 : Distance(model.Name, name)))
            .Where(candidate => candidate.Distance <= Math.Max(2, name.Length / 3))
            .OrderBy(candidate => candidate.Distance)
            .Take(3)
            .Select(candidate => candidate.Name)
            .ToList();
        return nearest.Count == 0
            ? $"There is no model {name}; \"resnet models\" lists them"
            : $"There is no model {name}; did you mean {string.Join(" or ", nearest)}?";
    }

    static bool Equals(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);

    /// <summary>Levenshtein's distance: characters to insert, delete or replace.</summary>
    static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = diagonal + (char.ToUpperInvariant(from[i - 1]) == char.ToUpperInvariant(to[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
