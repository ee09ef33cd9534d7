using System.Text;
using System.Text.RegularExpressions;

namespace ResNet.Dsl;

/// <summary>Networks as the C# that declares them.</summary>
public static class NetworkCode
{
    // Names that the text itself uses without a qualifier.
    static readonly string[] _taken = [nameof(NetworkBuilder), nameof(NetworkAttribute), "Network", nameof(Shortcut), nameof(Activation), nameof(Merge), "Define", "ResNet"];

    /// <summary>Writes a network as a file with a <c>[Network]</c> class, whose <c>Define</c> declares the same layers under the same names.</summary>
    /// <param name="network">The network.</param>
    /// <param name="className">Name of the class.</param>
    /// <param name="targetNamespace">Namespace of the class; none if null or empty.</param>
    /// <param name="description">Paragraphs of the comment on the class: the summary, then the remarks.</param>
    /// <exception cref="ArgumentException">A name is no name in C#, or the text needs it for itself.</exception>
    /// <exception cref="NotSupportedException">The network has a layer where no call of the builder can put it.</exception>
    public static string Write(NetworkDefinition network, string className, string? targetNamespace = null, params string[] description)
    {
        if (network is null) throw new ArgumentNullException(nameof(network));
        if (description is null) throw new ArgumentNullException(nameof(description));
        var name = Identifier(className, nameof(className));
        if (_taken.Contains(className)) throw new ArgumentException($"{className} is a name of the DSL; choose another name for the class", nameof(className));
        var calls = new BuilderCalls("");
        var declaration = calls.Declaration("net", network);
        declaration[0] = "static void Define(NetworkBuilder net) => " + declaration[0];
        declaration[declaration.Count - 1] += ";";

        var text = new StringBuilder("using ResNet.Dsl;\n\n");
        if (!string.IsNullOrEmpty(targetNamespace))
            text.Append("namespace ").Append(string.Join(".", targetNamespace!.Split('.').Select(word => Identifier(word, nameof(targetNamespace))))).Append(";\n\n");
        foreach (var line in Comment(description)) text.Append("/// ").Append(line).Append('\n');
        text.Append("[Network]\npublic partial class ").Append(name).Append("\n{\n");
        Append(text, declaration);
        foreach (var part in calls.Parts) Append(text.Append('\n'), part);
        return text.Append("}\n").ToString();
    }

    static void Append(StringBuilder text, IEnumerable<string> lines)
    {
        foreach (var line in lines) text.Append("    ").Append(line).Append('\n');
    }

    /// <summary>A name as C# writes it: one of lower-case letters may be a keyword, which an @ before it turns into a name.</summary>
    static string Identifier(string name, string parameter) => IsName(name)
        ? name.All(c => c is >= 'a' and <= 'z') ? "@" + name : name
        : throw new ArgumentException($"\"{name}\" is no name in C#; use letters, digits and '_'", parameter);

    /// <summary>Whether a class or a part of a namespace can have a name: letters of ASCII, digits and <c>_</c>.</summary>
    /// <param name="name">The name.</param>
    public static bool IsName(string? name) => Regex.IsMatch(name ?? "", @"^[A-Za-z_][A-Za-z0-9_]*\z");

    static string[] Comment(string[] description)
    {
        if (description.Length == 0) return [];
        var (summary, remarks) = ($"<summary>{Escape(description[0])}</summary>", description.Skip(1).Select(text => $"<para>{Escape(text)}</para>"));
        return description.Length == 1 ? [summary] : [summary, "<remarks>", .. remarks, "</remarks>"];
    }

    /// <summary>Text as XML on one line, whatever its content.</summary>
    static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (var c in text)
            escaped.Append(c switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '\u2028' or '\u2029' => " ",
                _ when char.IsControl(c) || char.IsSurrogate(c) => " ",
                _ => c.ToString(),
            });
        return escaped.ToString();
    }
}
