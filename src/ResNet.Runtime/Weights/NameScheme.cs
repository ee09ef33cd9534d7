namespace ResNet.Runtime.Weights;

/// <summary>A library's names of a network's tensors. All that is known of one stands in <see cref="All"/>.</summary>
/// <param name="Name">The library, for messages.</param>
/// <param name="Rules">The names of its modules. Of several for one of this library's, the first is the one that is written.</param>
sealed record NameScheme(string Name, params NameRule[] Rules)
{
    /// <summary>The names of the last layer other than <c>fc</c>, in programs that replace it or put it after a backbone.</summary>
    static readonly string[] _heads = ["fc", "linear", "classifier", "head", "last_linear", "fc.1", "classifier.1", "head.fc"];

    /// <summary>torchvision's names, which are this library's. What no rule names is the same in both.</summary>
    public static NameScheme Torchvision { get; } = new("torchvision and timm",
    [
        .. Same("conv1.*", "bn1", "layer{s}.{u}.*", "features.{i}", "classifier.{i}"),
        .. Heads("fc", _heads), .. Heads("linear", _heads),
    ]);

    /// <summary>timm's names, which are torchvision's but for the last layers of VGG.</summary>
    public static NameScheme Timm { get; } = new("timm",
    [
        .. Same("conv1.*", "bn1", "layer{s}.{u}.*", "features.{i}", "fc"),
        new("classifier.0", "pre_logits.fc1", kernel: 7), new("classifier.3", "pre_logits.fc2", kernel: 1), new("classifier.6", "head.fc"),
    ]);

    /// <summary>The names of <c>ResNetForImageClassification</c> in Hugging Face's transformers.</summary>
    public static NameScheme Transformers { get; } = OfTransformers("Hugging Face transformers", "resnet.");

    /// <summary>Every scheme. Where a file has as many of a network's names in several, the first is taken.</summary>
    public static IReadOnlyList<NameScheme> All { get; } =
    [
        Torchvision,
        Timm,
        Transformers,
        OfTransformers("Hugging Face transformers (the model without its prefix)", ""),
        new("mmpretrain", [.. Backbone("conv1.*", "bn1", "layer{s}.{u}.*"), .. HeadsBeside]),
        // ResNet-D: of mmpretrain's shortcuts, only those with a pooling count it.
        new("mmpretrain (ResNet-D)",
        [
            .. DeepStem,
            new("layer1.0.downsample.1", "backbone.layer1.0.downsample.0"), new("layer1.0.downsample.2", "backbone.layer1.0.downsample.1"),
            .. Backbone("layer{s}.{u}.conv{k}", "layer{s}.{u}.bn{k}", "layer{s}.{u}.downsample.1", "layer{s}.{u}.downsample.2"), .. HeadsBeside,
        ]),
        new("mmpretrain (ResNet-C)", [.. DeepStem, .. Backbone("layer{s}.{u}.*"), .. HeadsBeside]),
    ];

    /// <summary>mmpretrain's three convolutions before the first stage.</summary>
    static NameRule[] DeepStem =>
    [
        new("conv1.0", "backbone.stem.0.conv"), new("conv1.1", "backbone.stem.0.bn"), new("conv1.3", "backbone.stem.1.conv"),
        new("conv1.4", "backbone.stem.1.bn"), new("conv1.6", "backbone.stem.2.conv"), new("bn1", "backbone.stem.2.bn"),
    ];

    /// <summary>mmpretrain's last layer first, then what other programs put beside a <c>backbone</c>.</summary>
    static IEnumerable<NameRule> HeadsBeside => Heads("fc", ["head.fc", .. _heads]);

    /// <summary>The scheme of names that <see cref="WeightNames"/> stands for.</summary>
    public static NameScheme Of(WeightNames names) => names switch
    {
        WeightNames.Torchvision => Torchvision,
        WeightNames.Timm => Timm,
        WeightNames.Transformers => Transformers,
        _ => throw new ArgumentOutOfRangeException(nameof(names), names, "There are no such names."),
    };

    /// <summary>The scheme that has most of the names. Null where none has any.</summary>
    public static NameScheme? Recognize(IReadOnlyCollection<string> names)
    {
        var counted = All.Select(scheme => (Scheme: scheme, Count: names.Count(name => scheme.ToOurs(name) is not null))).ToList();
        return counted.MaxBy(entry => entry.Count) is { Count: > 0 } best ? best.Scheme : null;
    }

    /// <summary>The names that this scheme may have for a tensor of the network, the most usual first; nothing where it has no name for it.</summary>
    public IEnumerable<string> Spellings(string name)
    {
        var spellings = Rules.Select(rule => rule.ToTheirs(name)).OfType<string>();
        return (this == Torchvision ? spellings.Prepend(name) : spellings).Distinct(StringComparer.Ordinal);
    }

    /// <summary>This library's name of a tensor, by the rule that says most of it; null where the scheme has no such names.</summary>
    public string? ToOurs(string name)
    {
        (string? Ours, int Length) best = default;
        foreach (var rule in Rules)
            if (rule.Length > best.Length && rule.ToOurs(name) is { } ours) best = (ours, rule.Length);
        return best.Ours;
    }

    /// <summary>The kernel's size of a tensor that belongs to a dense layer here and to a convolution there; 0 for all others.</summary>
    public int KernelOf(string ours) => Array.Find(Rules, rule => rule.ToTheirs(ours) is not null)?.Kernel ?? 0;

    /// <summary>Whether a name may be one of the network's, rather than of what stands beside it.</summary>
    public bool Covers(string name) => this == Torchvision || Array.Exists(Rules, rule => name.StartsWith(rule.Root + ".", StringComparison.Ordinal));

    static NameScheme OfTransformers(string name, string prefix) => new(name,
    [
        new("conv1", prefix + "embedder.embedder.convolution"), new("bn1", prefix + "embedder.embedder.normalization"),
        new("layer{s}.{u}.conv{k}", prefix + "encoder.stages.{s-1}.layers.{u}.layer.{k-1}.convolution"),
        new("layer{s}.{u}.bn{k}", prefix + "encoder.stages.{s-1}.layers.{u}.layer.{k-1}.normalization"),
        new("layer{s}.{u}.downsample.0", prefix + "encoder.stages.{s-1}.layers.{u}.shortcut.convolution"),
        new("layer{s}.{u}.downsample.1", prefix + "encoder.stages.{s-1}.layers.{u}.shortcut.normalization"),
        new("fc", "classifier.1"),
    ]);

    static IEnumerable<NameRule> Same(params string[] modules) => modules.Select(module => new NameRule(module, module));

    static IEnumerable<NameRule> Backbone(params string[] modules) => modules.Select(module => new NameRule(module, "backbone." + module));

    static IEnumerable<NameRule> Heads(string ours, IEnumerable<string> theirs) => theirs.Select(head => new NameRule(ours, head));
}
