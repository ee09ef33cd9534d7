using System.Globalization;
using ResNet.Runtime;

namespace ResNet.Tool.Output;

/// <summary>Pictures with what a network sees, in a folder; none of them replaces a picture that is looked at, nor another of the same command.</summary>
sealed class Drawings
{
    static readonly StringComparer _names = OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    readonly string _folder, _mark;
    readonly HashSet<string> _taken;

    /// <summary>Makes the folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="inputs">The pictures that are looked at.</param>
    /// <param name="mark">Stands in the names of the drawings: <c>detected</c>.</param>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public Drawings(string folder, IEnumerable<string> inputs, string mark)
    {
        _mark = mark;
        _folder = Directory.CreateDirectory(folder).FullName;
        _taken = inputs.Select(Path.GetFullPath).ToHashSet(_names);
    }

    /// <summary>Saves what was drawn into a copy of a picture.</summary>
    /// <param name="path">The picture's file, from whose name that of the copy follows.</param>
    /// <param name="copy">The copy.</param>
    /// <returns>The copy's file.</returns>
    public string Save(string path, Image copy)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        var drawing = Path.Combine(_folder, $"{name}.{_mark}.png");
        // Files of several folders may have one name.
        for (var number = 2; !_taken.Add(drawing); number++)
            drawing = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{name}.{_mark}-{number}.png"));
        copy.SavePng(drawing);
        return Path.GetRelativePath(".", drawing);
    }
}
