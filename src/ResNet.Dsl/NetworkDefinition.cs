namespace ResNet.Dsl;

/// <summary>A whole network, which the compiler compiles, the reference interpreter executes and the summary prints.</summary>
/// <param name="Name">Name of the network, for people.</param>
/// <param name="Input">Shape of one input image.</param>
/// <param name="Body">The layers from the input to the logits.</param>
public sealed record NetworkDefinition(string Name, Shape Input, Sequence Body)
{
    /// <summary>
    /// Shape of the primary result of one image, which is the last of <see cref="Outputs"/>: the end of the chain, or the last
    /// branch of a network that ends with branches.
    /// </summary>
    public Shape Output
    {
        get
        {
            var outputs = Outputs;
            return outputs[outputs.Count - 1].Shape;
        }
    }

    /// <summary>
    /// The results, in the order in which they are computed. The end of the chain is one of them, named <c>output</c> unless
    /// the network ends with a named output or with branches.
    /// </summary>
    public IReadOnlyList<NetworkOutput> Outputs
    {
        get
        {
            var outputs = new List<NetworkOutput>();
            var end = Body.CollectOutputs(Input, outputs);
            if (EndIsUnnamed) outputs.Add(new(NetworkOutput.DefaultName, end));
            return outputs;
        }
    }

    /// <summary>Whether the end of the chain is an output that no layer of the tree stands for.</summary>
    internal bool EndIsUnnamed => !Body.EndsInOutput;

    /// <summary>
    /// Whether the image itself is an output: the network's first layer, taps aside, says so. Training then goes back to it, too, so that
    /// the gradient by the image can be had.
    /// </summary>
    internal bool BeginsWithOutput => Layers().FirstOrDefault(row => row.Layer is not Tap) is { Layer: Dsl.Output };

    /// <summary>Every layer of the unrolled network, in the order of execution.</summary>
    public IReadOnlyList<LayerInstance> Layers()
    {
        var rows = new List<LayerInstance>();
        Body.Unroll(Input, "", rows);
        return rows;
    }

    /// <summary>Holds a network that no <see cref="NetworkBuilder"/> has built, such as one from a file, to the builder's rules.</summary>
    /// <exception cref="NetworkException">A size, a name or the number of layers is out of range, names clash, or shapes do not fit.</exception>
    public void Validate() => DefinitionCheck.Check(this);

    /// <summary>The same network for images of another size. Its parameters keep their names and shapes.</summary>
    /// <param name="height">Rows of an input image.</param>
    /// <param name="width">Columns of an input image.</param>
    /// <exception cref="NetworkException">The size does not fit a layer, or would change the shape of its parameters.</exception>
    public NetworkDefinition WithInputSize(int height, int width)
    {
        var resized = this with { Input = new(Input.Channels, height, width) };
        Limits.CheckInput(resized.Input);
        var (layers, resizedLayers) = (Layers(), new List<LayerInstance>());
        try
        {
            resized.Body.Unroll(resized.Input, "", resizedLayers);
        }
        catch (NetworkException exception) when (exception.Id is ErrorIds.KernelTooLarge or ErrorIds.ShrinksBelowOne)
        {
            throw new NetworkException(exception.Id, $"With images of {height}×{width}, at {layers[resizedLayers.Count].Name}: {exception.Message}");
        }
        foreach (var (before, after) in layers.Zip(resizedLayers, (before, after) => (before, after)))
        {
            if (before.Layer is Flatten && before.Input != after.Input)
                throw new NetworkException(ErrorIds.DenseOnFeatureMaps,
                    $"With images of {height}×{width}, {before.Name} flattens {after.Input} instead of {before.Input}, so that each of its values would be another pixel; pool before it, for instance with GlobalAveragePool(), or let convolutions take the dense layers' place");
            if (before.Parameters != after.Parameters)
                throw new NetworkException(ErrorIds.DenseOnFeatureMaps,
                    $"With images of {height}×{width}, {before.Name} reads {after.Input} instead of {before.Input}, for which its parameters do not fit; pool before it, for instance with GlobalAveragePool()");
        }
        return resized;
    }

    /// <summary>
    /// The fully convolutional form (Simonyan and Zisserman 2015, section 3.2): dense layers that read flattened feature maps become convolutions over all
    /// of them, for images of this size or larger, and the scores of all places are averaged at the end. Layers keep their numbers and names, parameters
    /// their values and order; for images of this size the results are the same.
    /// </summary>
    /// <returns>
    /// The form; this network where no layer flattens, or where it has none: the flattened maps are not square, or what follows is more than dense
    /// layers, normalization and activations.
    /// </returns>
    public NetworkDefinition ToFullyConvolutional() => FullyConvolutionalForm.Of(this);

    /// <summary>The layer that distinguishes the classes and has to be replaced for other classes: the last dense layer or, in a network without one, the last convolution.</summary>
    public LayerInstance? FindHead()
    {
        var layers = Layers();
        return layers.LastOrDefault(layer => layer.Layer is Dense) ?? layers.LastOrDefault(layer => layer.Layer is Conv2d);
    }

    /// <summary>
    /// The network that computes the input of its head: a vector of features, an embedding. Where the head reads feature maps, the mean of each is a feature.
    /// Layers keep their numbers and names.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no head, or it stands within a unit or a branch.</exception>
    public NetworkDefinition WithoutHead() => NetworkParts.WithoutHead(this);

    /// <summary>
    /// The network in two parts: the layers up to the last feature maps that come before the head, and the rest, whose input is these maps. The layers
    /// of the first keep their numbers, those of both their names. The second is without layers that act in training alone, such as dropout, so that its
    /// gradients are those of inference.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no head, or there are no maps before it.</exception>
    public (NetworkDefinition Maps, NetworkDefinition Classifier) SplitAtLastMaps() => NetworkParts.SplitAtLastMaps(this);

    /// <summary>
    /// The same network with frozen batch normalization: training, too, uses the running statistics and does not move them.
    /// Parameters keep their names and shapes.
    /// </summary>
    /// <param name="through">
    /// Name of the layer with parameters, or of the scope, up to and including the last layer of which the network is frozen; all of it if null.
    /// </param>
    /// <exception cref="ArgumentException">The network has no such layer or scope.</exception>
    public NetworkDefinition WithFrozenNormalization(string? through = null)
    {
        if (through is null) return this with { Body = Body.FreezeLayers(Body.LayerCount) };
        return this with { Body = Body.FreezeLayers(LastWithin(through).Index + 1) };
    }

    /// <summary>The layer with parameters of a name, or the last one of a scope.</summary>
    /// <exception cref="ArgumentException">The network has no such layer or scope.</exception>
    public LayerInstance LastWithin(string name)
    {
        var layers = Layers().Where(layer => layer.Parameters.Count > 0).ToList();
        return layers.LastOrDefault(layer => FullName.IsWithin(layer.Name, name)) ?? throw new ArgumentException(
            $"The network has no layer with parameters and no scope \"{name}\"; it has {string.Join(", ", layers.Select(layer => layer.Name.Split('.')[0]).Distinct())}", nameof(name));
    }
}
