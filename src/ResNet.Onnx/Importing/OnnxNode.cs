using System.Globalization;
using ResNet.Onnx.Protos;

namespace ResNet.Onnx.Importing;

/// <summary>A node that computes: its inputs are values that are computed, and numbers.</summary>
/// <param name="Proto">The node.</param>
/// <param name="File">The file, for messages.</param>
/// <param name="Computed">Names of the inputs that are computed.</param>
/// <param name="Constants">By position, the inputs that are numbers.</param>
sealed record OnnxNode(NodeProto Proto, string File, IReadOnlyList<string> Computed, IReadOnlyDictionary<int, Numbers> Constants)
{
    /// <summary>The operator.</summary>
    public string Type => Proto.OpType;

    /// <summary>The operator and the name, for messages.</summary>
    public string Title => $"{Type} \"{(Proto.Name.Length > 0 ? Proto.Name : Proto.Output.FirstOrDefault(""))}\"";

    /// <summary>The error that something of this node is other than networks can have it.</summary>
    public OnnxException Wrong(string problem) => new(File, problem, Title);

    /// <summary>An input that has to be numbers.</summary>
    /// <param name="position">Position among all inputs.</param>
    /// <param name="what">The name of the input in the message.</param>
    /// <exception cref="OnnxException">It is computed, or missing.</exception>
    public Numbers Constant(int position, string what) => Constants.GetValueOrDefault(position) ?? throw Wrong($"the {what} is {(position < Proto.Input.Count && Proto.Input[position].Length > 0 ? "computed" : "missing")}; expected constant numbers");

    public int Int(string name, int usual) => Find(name) is { } attribute ? Whole(name, attribute.I) : usual;

    public double Float(string name, double usual) => Find(name) is { } attribute ? Decimal(attribute.F) : usual;

    /// <summary>A number of single precision as people write it: 1e-5 rather than 9.99999975e-6. It is the same number in single precision.</summary>
    public static double Decimal(float value) => double.Parse(value.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>Whether an input is a single number, another one than 0.</summary>
    public bool IsSet(int position) => Constants.GetValueOrDefault(position)?.Values is [not 0];

    public string Text(string name, string usual) => Find(name)?.S.ToStringUtf8() ?? usual;

    /// <summary>A list of whole numbers; null where it is not given.</summary>
    public int[]? Ints(string name) => Find(name) is { } attribute ? [.. attribute.Ints.Select(value => Whole(name, value))] : null;

    /// <summary>The tensor of an attribute.</summary>
    public TensorProto? Tensor(string name) => Find(name)?.T;

    int Whole(string name, long value) => value is >= int.MinValue and <= int.MaxValue ? (int)value : throw Wrong($"{name} is {value}; expected a number of 32 bits");

    AttributeProto? Find(string name) => Proto.Attribute.FirstOrDefault(attribute => attribute.Name == name);
}
