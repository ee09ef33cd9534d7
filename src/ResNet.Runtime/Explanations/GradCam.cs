using ResNet.Dsl;
using ResNet.Runtime.Devices;

namespace ResNet.Runtime;

/// <summary>
/// Shows where in a picture a network sees a class, by gradient-weighted class activation maps (Selvaraju et al. 2017, "Grad-CAM", section 3): the last feature
/// maps, each weighted by the mean of the gradient of the class's logit by it. The gradient is that of the network's training program, with running statistics
/// and without dropout. One call is served at a time, others wait.
/// </summary>
public sealed class GradCam : IDisposable
{
    const string Maps = "gradcam";

    readonly Network _network, _maps, _classifier;
    readonly TrainingSession _session;
    readonly string _logits;
    readonly Lock _lock = new();
    int? _version;

    /// <summary>Prepares explanations of a network. The network remains the caller's to dispose; weights that change later are seen by the next call.</summary>
    /// <param name="network">A classifier of pictures.</param>
    /// <exception cref="InvalidOperationException">There are no feature maps before its head, or its primary output is feature maps.</exception>
    public GradCam(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (!network.OutputShape.IsVector)
            throw new InvalidOperationException($"The network yields feature maps, {network.OutputShape}, not one value per class");
        _network = network;
        var (maps, classifier) = network.Definition.SplitAtLastMaps();
        // The maps become an output, so that the gradient by them can be had.
        classifier = (classifier with { Body = classifier.Body with { Layers = new([new Output(Maps), .. classifier.Body.Layers]) } }).WithFrozenNormalization();
        _logits = classifier.Outputs[^1].Name;
        _classifier = Network.Create(classifier, network.Device);
        _maps = network.Reform(maps);
        _session = _classifier.CreateTrainingSession(new TrainingSessionOptions { Losses = { [_logits] = new SuppliedGradient() }, GradientsOf = [Maps] });
    }

    /// <summary>Computes where in a picture the network sees a class.</summary>
    /// <param name="image">A picture of any size.</param>
    /// <param name="label">Index of the class; the likeliest where null.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    /// <exception cref="ImageException">The picture cannot be made an input, being far too long and narrow.</exception>
    public Heatmap Explain(Image image, int? label = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        var classes = _network.OutputShape.Channels;
        if (label is { } given)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(given, nameof(label));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(given, classes, nameof(label));
        }
        lock (_lock)
        {
            TakeWeights();
            var maps = _maps.Predict(_network.Prepare(image));
            var predictions = Prediction.Best(_classifier.Predict(maps).Data, _network.Labels, classes);
            var explained = label is null ? predictions[0] : predictions.First(prediction => prediction.Class == label);
            var gradient = new float[classes];
            gradient[explained.Class] = 1;
            _session.Run(maps.Data, new Dictionary<string, LossTarget> { [_logits] = new() { Values = gradient } });
            return new(explained, _maps.OutputShape, Weigh(maps.Data, _session.GradientOf(Maps).Data, _maps.OutputShape), CropOf(image, _network.Preprocessing));
        }
    }

    /// <summary>Releases the parts of the network. No call may still be running.</summary>
    public void Dispose()
    {
        _session.Dispose();
        _classifier.Dispose();
        _maps.Dispose();
    }

    void TakeWeights()
    {
        var version = _network.Parameters.Version;
        if (version == _version) return;
        foreach (var tensor in _classifier.Parameters.Tensors)
        {
            var values = _network.Parameters[tensor.Name].Read().ToArray();
            tensor.Edit(to => values.CopyTo(to));
        }
        _version = version;
    }

    /// <summary>Weighs each map by its mean gradient and adds them up; what is below zero speaks for other classes.</summary>
    static float[] Weigh(ReadOnlySpan<float> maps, ReadOnlySpan<float> gradient, Shape shape)
    {
        var places = shape.Height * shape.Width;
        var sums = new double[places];
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            var weight = 0.0;
            foreach (var value in gradient.Slice(channel * places, places)) weight += value;
            for (var place = 0; place < places; place++) sums[place] += weight / places * maps[channel * places + place];
        }
        return [.. sums.Select(sum => (float)Math.Max(0, sum))];
    }

    /// <summary>The part of a picture that its central crop shows, as parts of its sides.</summary>
    static (double Left, double Top, double Width, double Height) CropOf(Image image, Preprocessing preprocessing)
    {
        var covering = preprocessing.Cover(image, preprocessing.Resize);
        var (width, height) = ((double)preprocessing.Width / covering.Width, (double)preprocessing.Height / covering.Height);
        return ((1 - width) / 2, (1 - height) / 2, width, height);
    }
}
