using ResNet.Dsl;

namespace ResNet.Onnx.Importing;

/// <summary>Reads the nodes of a chain as layers, in their order.</summary>
/// <param name="names">Makes names of layers.</param>
/// <param name="values">Receives the parameters of layers, by full name.</param>
sealed class LayerReader(LayerNames names, Dictionary<string, float[]> values)
{
    /// <summary>Reads a chain.</summary>
    /// <param name="chain">The nodes.</param>
    /// <param name="input">Shape of its input.</param>
    /// <param name="isWhole">Whether it is the whole network, which may end with a softmax.</param>
    /// <returns>The layers, and the shape of their output.</returns>
    /// <exception cref="OnnxException">Networks have no such node.</exception>
    public (Sequence Layers, Shape Output) Read(IReadOnlyList<ChainStep> chain, Shape input, bool isWhole)
    {
        var layers = new List<Layer>();
        var (shape, padding, stride) = (input, (int[]?)null, 1);
        for (var i = 0; i < chain.Count; i++)
        {
            var node = chain[i].Node;
            if (padding is not null && node.Type != "Conv") throw chain[i - 1].Node.Wrong($"padding before {node.Title}; expected a convolution, which can pad itself");
            if (stride > 1 && node.Type is not ("Slice" or "Pad")) throw chain[i - 1].Node.Wrong($"strides before {node.Title}; expected a padding of channels, which makes a shortcut of both");
            if (node.Type == "Slice")
            {
                stride = ShortcutReader.ReadStride(node, shape);
                // Rows and columns may be sliced one after the other.
                if (chain.ElementAtOrDefault(i + 1)?.Node is { Type: "Slice" } next && ShortcutReader.ReadStride(next, shape) == stride) i++;
                continue;
            }
            if (node.Type == "Pad" && ShortcutReader.Read(node, shape, stride) is { } pad)
            {
                layers.Add(pad);
                (shape, stride) = (Follow(pad, shape), 1);
                continue;
            }
            if (node.Type == "Pad")
            {
                padding = ShortcutReader.ReadPadding(node) is [0, 0, >= 0 and var top, >= 0 and var left, 0, 0, >= 0 and var bottom, >= 0 and var right] && stride == 1
                    ? [top, left, bottom, right]
                    : throw node.Wrong("expected a padding of rows and columns, or one of channels");
                continue;
            }
            // A classifier's scores are its logits: probabilities are made of them where they are wanted.
            if (node.Type == "Softmax" && isWhole && i == chain.Count - 1) continue;
            try
            {
                if (chain[i].Branches.Count > 0)
                {
                    var isActivated = chain.ElementAtOrDefault(i + 1)?.Node.Type == "Relu";
                    layers.Add(ReadUnit(chain[i], shape, isActivated ? new("", new([new Relu("relu")])) : Sequence.Empty));
                    shape = Follow(layers[^1], shape);
                    if (isActivated) i++;
                    continue;
                }
                // The bias of a product of matrices comes with the node after it.
                if (node.Type == "Add" && i > 0 && chain[i - 1].Node.Type == "MatMul" && layers.LastOrDefault() is Dense { Bias: false } dense && OperandOf(node) is { } shift && shift.Length == dense.Units)
                {
                    layers[^1] = dense with { Bias = true };
                    values[$"{dense.Name}.bias"] = shift;
                    continue;
                }
                var (layer, parameters) = Read(node, shape, padding);
                padding = null;
                if (layer is null) continue;
                shape = Follow(layer, shape);
                layers.Add(layer);
                foreach (var (name, numbers) in parameters) values.Add($"{layer.Name}.{name}", numbers);
            }
            catch (NetworkException e)
            {
                throw node.Wrong(e.Message);
            }
        }
        if (padding is not null || stride > 1) throw chain[^1].Node.Wrong("padding or strides at the end of a branch; expected a convolution behind it");
        return (new("", new(layers)), shape);
    }

    /// <summary>The output's shape of a layer, found as networks find it.</summary>
    static Shape Follow(Layer layer, Shape input) => new NetworkDefinition("", input, new("", new([layer]))).Output;

    Residual ReadUnit(ChainStep step, Shape input, Sequence activation)
    {
        var node = step.Node;
        if (node.Type is not ("Add" or "Mul")) throw node.Wrong("it joins two computed values; expected Add or Mul");
        var (one, oneShape) = Read(step.Branches[0], input, isWhole: false);
        var (other, otherShape) = Read(step.Branches[1], input, isWhole: false);
        if (oneShape != otherShape) throw node.Wrong($"it joins values of {oneShape} and {otherShape}; expected the same shape");
        var (main, shortcut) = one.Layers.Count >= other.Layers.Count ? (one, other) : (other, one);
        if (main.Layers.Count == 0) throw node.Wrong("it joins a value with itself");
        return new("", main, shortcut, activation, node.Type == "Add" ? Merge.Sum : Merge.Product);
    }

    ReadLayer Read(OnnxNode node, Shape input, int[]? padding) => node.Type switch
    {
        "Conv" => ConvolutionReader.Read(node, input, padding ?? [0, 0, 0, 0], weight => names.Of(weight.Name, "conv")),
        "BatchNormalization" => ReadNorm(node, input),
        "Relu" => new(new Relu("relu")),
        "Sigmoid" => new(new Sigmoid("sigmoid")),
        "MaxPool" => new(Pool(node, input, (kernel, window, isCeil) => !isCeil
            ? new MaxPool("maxpool", kernel, window.Stride, window.Begin.Height)
            : throw node.Wrong("ceil_mode is 1, and adds windows; expected 0"))),
        "AveragePool" => new(Pool(node, input, (kernel, window, isCeil) => window.Begin.Height == 0 || node.Int("count_include_pad", 0) == 1
            ? new AveragePool("avgpool", kernel, window.Stride, window.Begin.Height, isCeil)
            : throw node.Wrong("padding does not count in its means (count_include_pad is 0); expected that it does, or no padding"))),
        "GlobalAveragePool" => new(new GlobalAveragePool("avgpool")),
        "ReduceMean" => ReadMean(node),
        "Flatten" => node.Int("axis", 1) == 1 ? Flat(input) : throw node.Wrong($"axis is {node.Int("axis", 1)}; expected 1"),
        "Reshape" => ReadReshape(node, input),
        "Squeeze" => input.IsVector ? new((Layer?)null) : throw node.Wrong($"it squeezes {input}; expected a value per channel"),
        "Gemm" => ReadGemm(node, input),
        "MatMul" => ReadProduct(node, input),
        "Add" or "Mul" => ReadScale(node, input),
        _ => throw node.Wrong($"networks have no {node.Type}"),
    };

    ReadLayer ReadNorm(OnnxNode node, Shape input)
    {
        if (node.Int("training_mode", 0) != 0) throw node.Wrong("it is in training mode; export the model for inference (model.eval())");
        string[] what = ["scale", "shift", "mean", "variance"];
        var parameters = what.Select((name, i) => node.Constant(i + 1, name)).ToList();
        foreach (var (numbers, name) in parameters.Zip(what))
            if (numbers.Values.Length != input.Channels) throw node.Wrong($"the {name} has {numbers.Values.Length} values for {input.Channels} channels");
        return new(new BatchNorm(names.Of(parameters[0].Name, "bn"), node.Float("epsilon", 1e-5f)),
            [("weight", parameters[0].Values), ("bias", parameters[1].Values), ("running_mean", parameters[2].Values), ("running_var", parameters[3].Values)]);
    }

    /// <summary>Reads a pooling over square windows.</summary>
    /// <param name="node">The pooling.</param>
    /// <param name="input">Shape of its input.</param>
    /// <param name="create">Makes the layer of kernel, window, and whether the last window reaches beyond the input.</param>
    static Layer Pool(OnnxNode node, Shape input, Func<int, SpatialWindow, bool, Layer> create)
    {
        if (node.Ints("kernel_shape") is not [var height, var width]) throw node.Wrong("kernel_shape is no pair of numbers");
        var window = SpatialWindow.Of(node, (height, width), input).Balanced(input);
        if (!window.IsSymmetric || window.Dilation != 1)
            throw node.Wrong($"a window of {height}×{width} with padding {window.Begin.Height}, {window.Begin.Width}, {window.End.Height}, {window.End.Width} (above, left, below, right) and dilation {window.Dilation}; expected a square one, padded alike on all sides");
        return create(height, window, node.Int("ceil_mode", 0) == 1 && window.LeavesOver(input));
    }

    static ReadLayer ReadMean(OnnxNode node)
    {
        var axes = node.Ints("axes") ?? node.Constants.GetValueOrDefault(1)?.Values.Select(value => (int)value).ToArray() ?? [];
        return axes.Select(axis => axis < 0 ? axis + 4 : axis).Order().SequenceEqual([2, 3])
            ? new(new GlobalAveragePool("avgpool"))
            : throw node.Wrong($"it averages over the dimensions {string.Join(", ", axes)}; expected 2 and 3, rows and columns");
    }

    static ReadLayer ReadReshape(OnnxNode node, Shape input)
    {
        var shape = node.Constant(1, "shape").Values.Select(value => (long)value).ToArray();
        // To batch × values, however it is said.
        var isVector = shape is [_, var length] && (length == -1 || length == input.Elements);
        // A vector stays one where rows and columns are added to it.
        return isVector || input.IsVector && shape is [_, var channels, 1, 1] && (channels <= 0 || channels == input.Channels)
            ? Flat(input)
            : throw node.Wrong($"it makes [{string.Join(", ", shape)}] of {input}; expected a vector, batch × {input.Elements}");
    }

    static ReadLayer Flat(Shape input) => new(input.IsVector ? null : new Flatten("flatten"));

    ReadLayer ReadGemm(OnnxNode node, Shape input)
    {
        if (node.Float("alpha", 1) != 1 || node.Float("beta", 1) != 1 || node.Int("transA", 0) != 0) throw node.Wrong("expected alpha and beta of 1, and transA of 0");
        var weight = node.Constant(1, "matrix");
        var bias = node.Proto.Input.Count > 2 && node.Proto.Input[2].Length > 0 ? node.Constant(2, "bias").Values : null;
        return Product(node, input, weight, node.Int("transB", 0) == 1, bias);
    }

    ReadLayer ReadProduct(OnnxNode node, Shape input) => node.Constants.ContainsKey(1)
        ? Product(node, input, node.Constant(1, "matrix"), isTransposed: false, bias: null)
        : throw node.Wrong("its second factor is computed; expected a constant matrix");

    ReadLayer Product(OnnxNode node, Shape input, Numbers weight, bool isTransposed, float[]? bias)
    {
        if (weight.Shape is not [var rows, var columns]) throw node.Wrong($"the matrix is {string.Join('×', weight.Shape)}; expected two dimensions");
        var (units, length) = isTransposed ? (rows, columns) : (columns, rows);
        if (length != input.Elements || !input.IsVector) throw node.Wrong($"the matrix takes {length} values, its input has {input}");
        if (bias is not null && bias.Length != units) throw node.Wrong($"the bias has {bias.Length} values for {units} outputs");
        var values = weight.Values;
        if (!isTransposed)
        {
            values = new float[weight.Values.Length];
            for (var unit = 0; unit < units; unit++)
                for (var i = 0; i < length; i++) values[unit * length + i] = weight.Values[i * units + unit];
        }
        var layer = new Dense(names.Of(weight.Name, "fc"), units, bias is not null);
        return new(layer, bias is null ? [("weight", values)] : [("weight", values), ("bias", bias)]);
    }

    /// <summary>A factor or a summand, for all values or for each channel.</summary>
    ReadLayer ReadScale(OnnxNode node, Shape input)
    {
        var isFactor = node.Type == "Mul";
        var numbers = OperandOf(node) ?? throw node.Wrong("its other operand is missing");
        if (numbers.Length == 1)
            return new(new Scale("scale", isFactor ? new(numbers[0], 0) : new(1, numbers[0])));
        var operand = node.Constants.Values.First();
        // 1×C×1×1 or C×1×1 beside maps, 1×C or C beside vectors.
        var channels = input.IsVector && operand.Shape[^1] == input.Channels ? operand.Shape.SkipLast(1) : operand.Shape.SkipLast(3).Concat(operand.Shape.TakeLast(2));
        if (numbers.Length != input.Channels || channels.Any(size => size != 1) || !input.IsVector && operand.Shape.Count < 3)
            throw node.Wrong($"its operand is {string.Join('×', operand.Shape)} beside {input}; expected one number, or one per channel");
        var (ones, zeros) = (Enumerable.Repeat(1f, numbers.Length).ToArray(), new float[numbers.Length]);
        return new(new Scale(names.Of(operand.Name, "scale")), isFactor ? [("weight", numbers), ("bias", zeros)] : [("weight", ones), ("bias", numbers)]);
    }

    static float[]? OperandOf(OnnxNode node) => node.Constants.Values.FirstOrDefault()?.Values;
}
