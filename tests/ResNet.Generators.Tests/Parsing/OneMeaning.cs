namespace ResNet.Generators.Tests.Parsing;

/// <summary>A declaration means the same to the generator as to the processor that executes the C# compiler's code.</summary>
static class OneMeaning
{
    /// <summary>Holds a body of <c>Define</c> to it, behind an input of 3×32×32 and before a ReLU.</summary>
    public static void Holds(string body, string members = "", string types = "")
    {
        var source = Source.Network($"net.Input(3, 32, 32);\n{body}\nnet.Relu();", members, types);
        var model = Generation.ModelOf(source);
        Assert.Equal(Source.Execute(source), model.Definition);
    }

    /// <summary>Holds the value of an expression to it: a tap carries the value as its name.</summary>
    public static void HoldsFor(string expression, string members = "", string types = "") =>
        Holds($"var value = {expression}; net.Tap($\"v_{{value}}\");", members, types);
}
