using ResNet.Runtime.Devices;

namespace ResNet.Runtime;

/// <summary>Checks what a step is given, and lays it out as devices take it, in memory that is used again by the next step.</summary>
/// <param name="losses">The losses of the session.</param>
sealed class StepTargets(AttachedLosses losses)
{
    readonly double[] _divisors = new double[losses.Outputs];
    int[] _labels = [];
    float[] _values = [], _weights = [];
    bool _isWeighted;

    /// <summary>Number of images of all ranks' batches together, by which losses are divided; null for those of the batch.</summary>
    public int? ImagesOfRanks { get; set; }

    /// <summary>Lays out the labels of a session whose only loss is softmax cross-entropy.</summary>
    /// <param name="images">batch × channels × height × width.</param>
    /// <param name="labels">The class of each position.</param>
    /// <param name="step">Number of the step.</param>
    /// <exception cref="ArgumentException">Images or labels do not fit, or the session has other losses.</exception>
    public StepInput Of(ReadOnlySpan<float> images, ReadOnlySpan<int> labels, long step)
    {
        var ignored = Check(images, labels);
        var (count, only) = (ImageCount(images), losses.All[0]);
        Reserve(count);
        if (ignored > 0) AddLabels(only, labels, weights: default, count);
        else _divisors[only.Output] = labels.Length;
        return Lay(count, ignored > 0 ? _labels.AsSpan(0, labels.Length) : labels, step) with { Images = images };
    }

    /// <summary>Lays out the targets of any losses.</summary>
    /// <param name="images">batch × channels × height × width.</param>
    /// <param name="targets">The target of each loss, by the name of its output.</param>
    /// <param name="step">Number of the step.</param>
    /// <exception cref="ArgumentException">Images or targets do not fit.</exception>
    public StepInput Of(ReadOnlySpan<float> images, IReadOnlyDictionary<string, LossTarget> targets, long step) =>
        Of(ImageCount(images), targets, step) with { Images = images };

    /// <summary>Lays out the targets of any losses, without images.</summary>
    /// <param name="count">Number of images.</param>
    /// <param name="targets">The target of each loss, by the name of its output.</param>
    /// <param name="step">Number of the step.</param>
    /// <exception cref="ArgumentException">Targets do not fit.</exception>
    public StepInput Of(int count, IReadOnlyDictionary<string, LossTarget> targets, long step)
    {
        var given = 0;
        foreach (var loss in losses.All)
        {
            if (!targets.TryGetValue(loss.Name, out var target)) throw Misfit(loss, "no target is given");
            Check(loss, target, count);
            given++;
        }
        if (given < targets.Count)
            throw AttachedLosses.NoOutput(" with a loss", targets.Keys.First(name => losses.All.All(loss => loss.Name != name)), losses.All.Select(loss => loss.Name));

        Reserve(count);
        foreach (var loss in losses.All) Add(loss, targets[loss.Name], count);
        return Lay(count, _labels.AsSpan(0, count * losses.Labels), step);
    }

    /// <summary>Checks the labels of a session whose only loss is softmax cross-entropy.</summary>
    /// <returns>The number of ignored labels.</returns>
    /// <inheritdoc cref="Of(ReadOnlySpan{float}, ReadOnlySpan{int}, long)"/>
    public int Check(ReadOnlySpan<float> images, ReadOnlySpan<int> labels)
    {
        if (losses.All is not [{ Loss: SoftmaxCrossEntropy { Probabilities: false } } only])
            throw new ArgumentException($"Labels alone are no targets of {string.Join(", ", losses.All.Select(loss => $"\"{loss.Name}\" ({loss.Loss.GetType().Name})"))}; give the targets by the names of the outputs", nameof(labels));
        var count = ImageCount(images);
        CheckCount(only, "labels", labels.Length, only.Labels, count);
        return CheckLabels(only, labels);
    }

    /// <summary>Number of images.</summary>
    /// <param name="images">batch × channels × height × width.</param>
    /// <exception cref="ArgumentException">The values are no whole number of images.</exception>
    public int ImageCount(ReadOnlySpan<float> images)
    {
        var input = losses.Network.Input;
        var (count, rest) = Math.DivRem(images.Length, input.Elements);
        if (count == 0 || rest != 0)
            throw new ArgumentException($"{images.Length} values are no whole number of {input} images of {input.Elements} values", nameof(images));
        return (int)count;
    }

    void Reserve(int count)
    {
        if (_labels.Length < count * losses.Labels) _labels = new int[count * losses.Labels];
        if (_values.Length < count * losses.Values) _values = new float[count * losses.Values];
        if (_weights.Length < count * losses.Weights) _weights = new float[count * losses.Weights];
        _isWeighted = false;
        _weights.AsSpan().Fill(1);
    }

    StepInput Lay(int count, ReadOnlySpan<int> labels, long step)
    {
        // The share of the batch in the mean over all ranks' images; whole numbers stay whole.
        if (ImagesOfRanks is { } all)
            foreach (ref var divisor in _divisors.AsSpan()) divisor = divisor * all / count;
        return new()
        {
            Count = count,
            Labels = labels,
            Values = _values.AsSpan(0, count * losses.Values),
            Weights = _isWeighted ? _weights.AsSpan(0, count * losses.Weights) : default,
            Divisors = _divisors,
            Step = step,
        };
    }

    void Add(AttachedLoss loss, in LossTarget target, int count)
    {
        if (loss.Loss is SoftmaxCrossEntropy { Probabilities: false })
        {
            AddLabels(loss, target.Labels.Span, target.Weights.Span, count);
            return;
        }
        target.Values.Span.CopyTo(_values.AsSpan(count * loss.ValueStart));
        AddWeights(loss, target.Weights.Span, count);
        _divisors[loss.Output] = loss.Loss switch
        {
            SigmoidCrossEntropy => target.Values.Length,
            SmoothL1 or SoftmaxCrossEntropy => Sum(WeightsOf(loss, count)),
            SuppliedGradient => 1,
            _ => throw new NotSupportedException($"There are no targets of {loss.Loss}"),
        };
    }

    void AddLabels(AttachedLoss loss, ReadOnlySpan<int> labels, ReadOnlySpan<float> weights, int count)
    {
        AddWeights(loss, weights, count);
        var ignored = ((SoftmaxCrossEntropy)loss.Loss).IgnoredLabel;
        var laid = _labels.AsSpan(count * loss.LabelStart);
        var weight = WeightsOf(loss, count);
        for (var i = 0; i < labels.Length; i++)
        {
            laid[i] = labels[i];
            if (labels[i] != ignored) continue;
            (laid[i], weight[i]) = (0, 0);
            _isWeighted = true;
        }
        _divisors[loss.Output] = Sum(weight);
    }

    void AddWeights(AttachedLoss loss, ReadOnlySpan<float> weights, int count)
    {
        if (weights.IsEmpty) return;
        weights.CopyTo(WeightsOf(loss, count));
        _isWeighted = true;
    }

    Span<float> WeightsOf(AttachedLoss loss, int count) => _weights.AsSpan(count * loss.WeightStart, count * loss.Places);

    static double Sum(ReadOnlySpan<float> weights)
    {
        var sum = 0.0;
        foreach (var weight in weights) sum += weight;
        return sum;
    }

    static void Check(AttachedLoss loss, in LossTarget target, int count)
    {
        CheckCount(loss, "labels", target.Labels.Length, loss.Labels, count);
        CheckCount(loss, "values", target.Values.Length, loss.Values, count);
        if (!target.Weights.IsEmpty) CheckCount(loss, "weights", target.Weights.Length, loss.Loss is SuppliedGradient ? 0 : loss.Places, count);
        CheckLabels(loss, target.Labels.Span);
        var values = target.Values.Span;
        for (var i = 0; i < values.Length; i++)
            if (!IsTarget(loss.Loss, values[i])) throw Misfit(loss, $"value {i} is {values[i]}; expected {ExpectedOf(loss.Loss)}");
        var weights = target.Weights.Span;
        for (var i = 0; i < weights.Length; i++)
            if (!(weights[i] >= 0 && float.IsFinite(weights[i])))
                throw Misfit(loss, $"weight {i} is {weights[i]}; expected a finite number that is not negative");
    }

    static bool IsTarget(Loss loss, float value) => loss switch
    {
        SigmoidCrossEntropy => value is >= 0 and <= 1,
        SoftmaxCrossEntropy => value >= 0 && float.IsFinite(value),
        _ => float.IsFinite(value),
    };

    static string ExpectedOf(Loss loss) => loss switch
    {
        SigmoidCrossEntropy => "0 to 1",
        SoftmaxCrossEntropy => "a finite number that is not negative",
        _ => "a finite number",
    };

    /// <summary>Checks that each label is a class or ignored, and counts the ignored ones.</summary>
    static int CheckLabels(AttachedLoss loss, ReadOnlySpan<int> labels)
    {
        var (classes, ignoredLabel, ignored) = (loss.Shape.Channels, (loss.Loss as SoftmaxCrossEntropy)?.IgnoredLabel, 0);
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] == ignoredLabel) ignored++;
            else if (labels[i] < 0 || labels[i] >= classes) throw Misfit(loss, $"label {i} is {labels[i]}; expected one of {classes} classes, 0 to {classes - 1}");
        }
        return ignored;
    }

    static void CheckCount(AttachedLoss loss, string what, int found, int ofImage, int count)
    {
        if (found != count * ofImage)
            throw Misfit(loss, $"{found} {what} are given; expected {count * ofImage} for {count} {(count == 1 ? "image" : "images")} of {loss.Shape}");
    }

    static ArgumentException Misfit(AttachedLoss loss, string problem) => new($"Output \"{loss.Name}\" ({loss.Loss.GetType().Name}): {problem}");
}
