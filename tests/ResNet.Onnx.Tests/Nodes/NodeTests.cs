using ResNet.Runtime;

namespace ResNet.Onnx.Tests.Nodes;

/// <summary>ONNX's own test suite, where the package libonnx-testdata is installed.</summary>
public class NodeTests
{
    public static TheoryData<string> Computed => [.. NodeCases.Computed];

    public static TheoryData<string> Refused => [.. NodeCases.Refused.Keys];

    [NodeTheory]
    [MemberData(nameof(Computed))]
    public void Computes(string name)
    {
        var data = new NodeData(name);
        var input = data.Input;
        if (data.TryJoinInputs()) input = [.. input, .. data.SecondOperand];
        using var network = Network.FromOnnx(new MemoryStream(data.Model), name: name);
        var shape = network.Definition.Input;
        var images = new Tensor((int)(input.Length / shape.Elements), shape.Channels, shape.Height, shape.Width);
        input.CopyTo(images.Data);
        var actual = network.Predict(images).Data.ToArray();
        if (data.EndsInSoftmax) actual = [.. actual.Chunk(network.Definition.Output.Channels).SelectMany(Probabilities)];
        var expected = data.Output;
        var largest = expected.Where(float.IsFinite).Max(Math.Abs);
        // Some of the suite's values are infinite.
        Assert.Equal(expected, actual, (a, b) => a == b || Math.Abs(a - b) <= 1e-5f * largest);
    }

    /// <summary>Cases that networks cannot compute: the error says why.</summary>
    [NodeTheory]
    [MemberData(nameof(Refused))]
    public void Refuses(string name) =>
        Assert.Contains(NodeCases.Refused[name], Assert.Throws<OnnxException>(() => Network.FromOnnx(new MemoryStream(new NodeData(name).Model), name: name)).Message, StringComparison.Ordinal);

    [NodeFact]
    public void Every_case_is_listed() => Assert.Equal(NodeData.Find().Order(StringComparer.Ordinal), NodeCases.Computed.Concat(NodeCases.Refused.Keys).Order(StringComparer.Ordinal));

    static IEnumerable<float> Probabilities(float[] scores)
    {
        var powers = scores.Select(score => Math.Exp(score - scores.Max())).ToList();
        return powers.Select(power => (float)(power / powers.Sum()));
    }
}

/// <summary>A fact that needs ONNX's test suite.</summary>
sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute() => Skip = NodeData.Root is null ? "libonnx-testdata is not installed" : null;
}

/// <summary>A theory that needs ONNX's test suite.</summary>
sealed class NodeTheoryAttribute : TheoryAttribute
{
    public NodeTheoryAttribute() => Skip = NodeData.Root is null ? "libonnx-testdata is not installed" : null;
}
