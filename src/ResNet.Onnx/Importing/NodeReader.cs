using ResNet.Dsl;

namespace ResNet.Onnx.Importing;

/// <summary>Reads a node as a layer.</summary>
/// <param name="batch">Images at a time; 0 if the model takes any number.</param>
/// <param name="names">Makes names of layers.</param>
sealed class NodeReader(long batch, LayerNames names)
{
    /// <summary>Reads a node with one computed input.</summary>
    /// <param name="node">The node.</param>
    /// <param name="input">Shape of its input.</param>
    /// <param name="padding">Zeros that a Pad before it adds: above, left, below, right.</param>
    /// <exception cref="OnnxException">Networks have no such node.</exception>
    public ReadLayer Read(OnnxNode node, Shape input, int[] padding) => node.Type switch
    {
        "Conv" => ConvolutionReader.Read(node, input, padding, weight => names.Of(weight.Name, "conv")),
        "BatchNormalization" => ReadNorm(node, input),
        "Relu" => new(new Relu("relu")),
        "Sigmoid" => new(new Sigmoid("sigmoid")),
        "MaxPool" => PoolingReader.ReadMaximum(node, input),
        "AveragePool" => PoolingReader.ReadAverage(node, input),
        "GlobalAveragePool" => new(new GlobalAveragePool("avgpool")),
        "ReduceMean" => PoolingReader.ReadMean(node),
        "Flatten" => node.Int("axis", 1) is 1 or -3 ? Flat(input) : throw node.Wrong($"axis is {node.Int("axis", 1)}; expected 1"),
        "Reshape" => ReadReshape(node, input),
        "Squeeze" => input.IsVector ? new((Layer?)null) : throw node.Wrong($"it squeezes {input}; expected a value per channel"),
        "Gemm" => DenseReader.ReadGemm(node, input, weight => names.Of(weight.Name, "fc")),
        "MatMul" => DenseReader.ReadProduct(node, input, bias: null, weight => names.Of(weight.Name, "fc")),
        "Add" or "Mul" => ReadScale(node, input),
        _ => throw node.Wrong($"networks have no {node.Type}"),
    };

    /// <summary>Reads a product of matrices with the bias that comes after it; null if the addend is no bias.</summary>
    public ReadLayer? TryReadBiased(OnnxNode product, OnnxNode sum, Shape input) =>
        product.Constants.GetValueOrDefault(1) is { Shape: [_, var units] } && DenseReader.TryReadBias(sum.Constants.Values.FirstOrDefault(), units) is { } bias
            ? DenseReader.ReadProduct(product, input, bias, weight => names.Of(weight.Name, "fc"))
            : null;

    ReadLayer ReadNorm(OnnxNode node, Shape input)
    {
        if (node.Int("training_mode", 0) != 0) throw node.Wrong("it is in training mode; export the model for inference (model.eval())");
        string[] what = ["scale", "shift", "mean", "variance"];
        var parameters = what.Select((name, i) => node.Constant(i + 1, name)).ToList();
        foreach (var (numbers, name) in parameters.Zip(what))
            if (numbers.Values.Length != input.Channels) throw node.Wrong($"the {name} has {numbers.Values.Length} values for {input.Channels} channels");
        return new(new BatchNorm(names.Of(parameters[0].Name, "bn"), node.Float("epsilon", 1e-5)),
            [("weight", parameters[0].Values), ("bias", parameters[1].Values), ("running_mean", parameters[2].Values), ("running_var", parameters[3].Values)]);
    }

    ReadLayer ReadReshape(OnnxNode node, Shape input)
    {
        var shape = node.Constant(1, "shape").Values.Select(value => (long)value).ToArray();
        // The batch stays, however that is said; a file for one image at a time may say it by a number, whatever its input says.
        var keepsBatch = shape is [var first, ..] && (first is 0 or -1 || first == Math.Max(1, batch));
        // To batch × values; a vector stays one where rows and columns are added to it.
        var isVector = shape is [_, var length] && (length == -1 || length == input.Elements)
            || input.IsVector && shape is [_, var channels, 1, 1] && (channels <= 0 || channels == input.Channels);
        return keepsBatch && isVector ? Flat(input) : throw node.Wrong($"it makes [{string.Join(", ", shape)}] of {input}; expected a vector, batch × {input.Elements}");
    }

    static ReadLayer Flat(Shape input) => new(input.IsVector ? null : new Flatten("flatten"));

    /// <summary>A factor or a summand, for all values or for each channel.</summary>
    ReadLayer ReadScale(OnnxNode node, Shape input)
    {
        var isFactor = node.Type == "Mul";
        var operand = node.Constants.Values.FirstOrDefault() ?? throw node.Wrong("its other operand is missing");
        var numbers = operand.Values;
        if (numbers is [var number])
            return new(new Scale("scale", isFactor ? new(OnnxNode.Decimal(number), 0) : new(1, OnnxNode.Decimal(number))));
        // 1×C×1×1 or C×1×1 beside maps, 1×C or C beside vectors.
        var channels = input.IsVector && operand.Shape[^1] == input.Channels ? operand.Shape.SkipLast(1) : operand.Shape.SkipLast(3).Concat(operand.Shape.TakeLast(2));
        if (numbers.Length != input.Channels || channels.Any(size => size != 1) || !input.IsVector && operand.Shape.Count < 3)
            throw node.Wrong($"its operand is {string.Join('×', operand.Shape)} beside {input}; expected one number, or one per channel");
        var (ones, zeros) = (Enumerable.Repeat(1f, numbers.Length).ToArray(), new float[numbers.Length]);
        return new(new Scale(names.Of(operand.Name, "scale")), isFactor ? [("weight", numbers), ("bias", zeros)] : [("weight", ones), ("bias", numbers)]);
    }
}
