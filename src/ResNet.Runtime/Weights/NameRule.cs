using System.Globalization;

namespace ResNet.Runtime.Weights;

/// <summary>
/// The name of a module in this library and in another one. Numbers stand in braces, and may be one less there:
/// <c>layer{s}.{u}.conv{k}</c> is <c>encoder.stages.{s-1}.layers.{u}.layer.{k-1}.convolution</c>. The tensor's own name, <c>weight</c>, stays; after a
/// <c>*</c>, so do the modules within.
/// </summary>
sealed class NameRule
{
    const string Within = ".*";

    readonly Word[] _ours, _theirs;
    readonly bool _hasWithin;

    /// <summary>Pairs two names.</summary>
    /// <param name="ours">This library's.</param>
    /// <param name="theirs">The other library's.</param>
    /// <param name="kernel">Rows and columns of the convolution that the other library has where this one has a dense layer; 0 for the same layer.</param>
    public NameRule(string ours, string theirs, int kernel = 0)
    {
        Kernel = kernel;
        _hasWithin = ours.EndsWith(Within, StringComparison.Ordinal);
        _ours = Parse(ours);
        _theirs = Parse(theirs);
    }

    /// <summary>The kernel's size where a dense layer is a convolution there.</summary>
    public int Kernel { get; }

    /// <summary>The first word of the other library's names.</summary>
    public string Root => _theirs[0].Text;

    /// <summary>The number of words of the other library's name.</summary>
    public int Length => _theirs.Length;

    /// <summary>The other library's name of a tensor; null where the tensor belongs to another module.</summary>
    public string? ToTheirs(string name) => Rewrite(name, _ours, _theirs);

    /// <summary>This library's name of a tensor; null where the tensor belongs to another module.</summary>
    public string? ToOurs(string name) => Rewrite(name, _theirs, _ours);

    string? Rewrite(string name, Word[] from, Word[] to)
    {
        if (!name.StartsWith(from[0].Text, StringComparison.Ordinal)) return null;
        var parts = name.Split('.', from.Length + 1);
        if (parts.Length <= from.Length || !_hasWithin && parts[^1].Contains('.', StringComparison.Ordinal)) return null;
        var numbers = new Dictionary<char, int>();
        for (var i = 0; i < from.Length; i++)
        {
            if (!from[i].TryMatch(parts[i], out var number)) return null;
            if (from[i].Number is { } variable) numbers[variable] = number;
        }
        // Stages are counted from one here, and from zero there.
        if (Array.Exists(to, word => word.Number is { } variable && numbers[variable] < word.Less)) return null;
        return string.Join('.', to.Select(word => word.Number is { } variable ? word.Text + (numbers[variable] - word.Less).ToString(CultureInfo.InvariantCulture) : word.Text).Append(parts[^1]));
    }

    static Word[] Parse(string pattern) => Array.ConvertAll((pattern.EndsWith(Within, StringComparison.Ordinal) ? pattern[..^Within.Length] : pattern).Split('.'), word => word.IndexOf('{', StringComparison.Ordinal) is >= 0 and var brace
        ? new Word(word[..brace], word[brace + 1], word.EndsWith("-1}", StringComparison.Ordinal) ? 1 : 0)
        : new Word(word, null, 0));

    /// <summary>A word of a pattern.</summary>
    /// <param name="Text">The word, or what stands before its number.</param>
    /// <param name="Number">Name of the number at its end, if there is one.</param>
    /// <param name="Less">The difference of the named number and the written one.</param>
    readonly record struct Word(string Text, char? Number, int Less)
    {
        public bool TryMatch(string part, out int number)
        {
            number = 0;
            if (Number is null) return part == Text;
            if (!part.StartsWith(Text, StringComparison.Ordinal)) return false;
            var digits = part.AsSpan(Text.Length);
            // Without leading zeros: a name is to come back as it was.
            if (digits.Length is 0 or > 5 || digits is ['0', _, ..] || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var written)) return false;
            number = written + Less;
            return true;
        }
    }
}
