using ResNet.Dsl;

namespace ResNet.Onnx.Importing;

/// <summary>Reads products of a vector and a constant matrix.</summary>
static class DenseReader
{
    /// <summary>Reads a Gemm.</summary>
    /// <param name="node">The node.</param>
    /// <param name="input">Shape of its input.</param>
    /// <param name="name">Makes the layer's name of the weight's.</param>
    /// <exception cref="OnnxException">Networks have no such layer.</exception>
    public static ReadLayer ReadGemm(OnnxNode node, Shape input, Func<Numbers, string> name)
    {
        if (node.Int("transA", 0) != 0) throw node.Wrong("transA is 1, which exchanges images and values; expected 0");
        var weight = Scaled(node.Constant(1, "matrix"), node.Float("alpha", 1));
        var isTransposed = node.Int("transB", 0) == 1;
        float[]? bias = null;
        if (node.Proto.Input.Count > 2 && node.Proto.Input[2].Length > 0)
        {
            var numbers = Scaled(node.Constant(2, "bias"), node.Float("beta", 1));
            var units = weight.Shape.ElementAtOrDefault(isTransposed ? 0 : 1);
            bias = TryReadBias(numbers, units) ?? throw node.Wrong($"the bias is {string.Join('×', numbers.Shape)}, for {units} outputs; expected one number for each");
        }
        return Read(node, input, weight, isTransposed, bias, name);
    }

    /// <summary>Reads a MatMul.</summary>
    /// <param name="node">The node.</param>
    /// <param name="input">Shape of its input.</param>
    /// <param name="bias">What is added to it; null if nothing is.</param>
    /// <param name="name">Makes the layer's name of the weight's.</param>
    /// <exception cref="OnnxException">Networks have no such layer.</exception>
    public static ReadLayer ReadProduct(OnnxNode node, Shape input, float[]? bias, Func<Numbers, string> name) => node.Constants.ContainsKey(1)
        ? Read(node, input, node.Constant(1, "matrix"), isTransposed: false, bias, name)
        : throw node.Wrong("its second factor is computed; expected a constant matrix");

    /// <summary>A number for each output, also where one stands for all; null if the numbers are something else.</summary>
    public static float[]? TryReadBias(Numbers? numbers, int units) => numbers switch
    {
        { Values: [var number] } => [.. Enumerable.Repeat(number, units)],
        { Shape: [.., var length] shape } when length == units && shape.SkipLast(1).All(size => size == 1) => numbers.Values,
        _ => null,
    };

    static Numbers Scaled(Numbers numbers, double factor) => factor == 1 ? numbers : numbers with { Values = [.. numbers.Values.Select(value => (float)(value * factor))] };

    static ReadLayer Read(OnnxNode node, Shape input, Numbers weight, bool isTransposed, float[]? bias, Func<Numbers, string> name)
    {
        if (weight.Shape is not [var rows, var columns]) throw node.Wrong($"the matrix is {string.Join('×', weight.Shape)}; expected two dimensions");
        var (units, length) = isTransposed ? (rows, columns) : (columns, rows);
        if (length != input.Elements || !input.IsVector) throw node.Wrong($"the matrix takes {length} values, its input has {input}");
        var values = weight.Values;
        if (!isTransposed)
        {
            values = new float[weight.Values.Length];
            for (var unit = 0; unit < units; unit++)
                for (var i = 0; i < length; i++) values[unit * length + i] = weight.Values[i * units + unit];
        }
        var layer = new Dense(name(weight), units, bias is not null);
        return new(layer, bias is null ? [("weight", values)] : [("weight", values), ("bias", bias)]);
    }
}
