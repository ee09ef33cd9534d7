namespace ResNet.Runtime;

public abstract partial class Network
{
    // The program's settings take precedence over a file's.
    IReadOnlyList<string>? _ownLabels, _storedLabels, _unknownLabels;
    Preprocessing? _ownPreprocessing, _storedPreprocessing, _usualPreprocessing;

    /// <summary>
    /// One name per class: those that the program has set, or else those that came with the weights, or else <c>class 0</c>,
    /// <c>class 1</c> …
    /// </summary>
    /// <exception cref="ArgumentException">The number of names is not the number of classes, or a name has a line break.</exception>
    public IReadOnlyList<string> Labels
    {
        get => KnownLabels ?? (_unknownLabels ??= [.. Enumerable.Range(0, OutputShape.Channels).Select(index => $"class {index}")]);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.Count != OutputShape.Elements)
                throw new ArgumentException($"There are {value.Count} names for {OutputShape.Elements} classes", nameof(value));
            if (value.FirstOrDefault(name => name.Contains('\n', StringComparison.Ordinal)) is { } broken)
                throw new ArgumentException($"The name \"{broken.ReplaceLineEndings(" ")}\" has a line break", nameof(value));
            _ownLabels = value;
        }
    }

    /// <summary>
    /// The conversion of a picture to the network's input: as the program has set it, or else as the weights were trained, or else
    /// <see cref="Preprocessing.For"/> the input.
    /// </summary>
    public Preprocessing Preprocessing
    {
        get => _ownPreprocessing ?? _storedPreprocessing ?? (_usualPreprocessing ??= Preprocessing.For(Definition.Input));
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            _ownPreprocessing = value;
        }
    }

    /// <summary>
    /// The metrics of the weights, by name; empty if unknown. It is saved and loaded with them. A training run sets
    /// <c>epoch</c>, <c>loss</c>, <c>training_top1</c> and, with validation, <c>top1</c>; accuracies run from 0 to 1.
    /// </summary>
    /// <exception cref="ArgumentException">A value is infinite or not a number.</exception>
    public IReadOnlyDictionary<string, double> Metrics
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            foreach (var (name, metric) in value)
                if (!double.IsFinite(metric)) throw new ArgumentException($"The metric \"{name}\" is {metric}; expected a finite number", nameof(value));
            field = value;
        }
    } = new Dictionary<string, double>();

    /// <summary>The names of the classes; null if they are unknown.</summary>
    internal IReadOnlyList<string>? KnownLabels => _ownLabels ?? _storedLabels;

    /// <summary>Takes over what came with weights, or from a network of the same weights.</summary>
    void Describe(IReadOnlyList<string>? labels, Preprocessing? preprocessing) => (_storedLabels, _storedPreprocessing) = (labels, preprocessing);
}
