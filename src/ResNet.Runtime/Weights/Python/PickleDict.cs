using System.Text;

namespace ResNet.Runtime.Weights.Python;

/// <summary>A dictionary. Only the entries under a name are kept: nothing that is read is filed under anything else.</summary>
sealed class PickleDict : OrderedDictionary<string, object?>
{
    /// <summary>The longest text that is taken for a name.</summary>
    public const int MaxName = 1000;

    public PickleDict() : base(StringComparer.Ordinal) { }

    public void Set(object? key, object? value)
    {
        if (key is string { Length: <= MaxName } name)
            this[name] = value;
        else if (key is byte[] { Length: <= MaxName } bytes)
            this[Encoding.UTF8.GetString(bytes)] = value;
    }
}
