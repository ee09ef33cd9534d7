using System.Globalization;

namespace ResNet.Generators.Tests.Planning;

/// <summary>
/// Symbolic expressions over a network's input. Equal expressions are one number, however large: a residual network's
/// would be exponential as text.
/// </summary>
sealed class Expressions
{
    readonly Dictionary<(string Function, int Left, int Right), int> _numbers = [];

    public int Input => Number("input", -1, -1);

    public int Function(string name, int argument) => Number(name, argument, -1);

    public int Relu(int argument) => Function("relu", argument);

    /// <summary>Floating-point addition commutes.</summary>
    public int Add(int left, int right) => Number("add", Math.Min(left, right), Math.Max(left, right));

    /// <summary>So does multiplication.</summary>
    public int Multiply(int left, int right) => Number("multiply", Math.Min(left, right), Math.Max(left, right));

    public int Norm(int layer, int argument) => Function("norm" + layer.ToString(CultureInfo.InvariantCulture), argument);

    public int Conv(int layer, int argument) => Function("conv" + layer.ToString(CultureInfo.InvariantCulture), argument);

    /// <summary>Subsampling and padding with zero channels.</summary>
    public int Pad(int channels, int stride, int argument) => Function(string.Create(CultureInfo.InvariantCulture, $"pad{channels}/{stride}"), argument);

    int Number(string function, int left, int right)
    {
        var node = (function, left, right);
        if (_numbers.TryGetValue(node, out var number)) return number;
        _numbers.Add(node, _numbers.Count);
        return _numbers.Count - 1;
    }
}
