using System.Globalization;
using ResNet.Runtime;
using ResNet.Runtime.Detection.Drawing;

namespace ResNet.Tool.Detection;

/// <summary>Pictures with what was found, in a folder; none of them replaces a picture that is looked at, nor another of the same command.</summary>
sealed class Drawings
{
    static readonly StringComparer _names = OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    readonly string _folder;
    readonly HashSet<string> _taken;

    /// <summary>Makes the folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="inputs">The pictures that are looked at.</param>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public Drawings(string folder, IEnumerable<string> inputs)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        _taken = inputs.Select(Path.GetFullPath).ToHashSet(_names);
    }

    /// <summary>Draws objects into a copy of a picture.</summary>
    /// <param name="path">The picture's file, from whose name that of the copy follows.</param>
    /// <param name="picture">The picture.</param>
    /// <param name="objects">The objects.</param>
    /// <returns>The copy's file.</returns>
    public string Draw(string path, Image picture, IReadOnlyList<DetectedObject> objects)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        var drawing = Path.Combine(_folder, $"{name}.detected.png");
        // Files of several folders may have one name.
        for (var number = 2; !_taken.Add(drawing); number++)
            drawing = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{name}.detected-{number}.png"));
        DetectionDrawing.Draw(picture, objects).SavePng(drawing);
        return Path.GetRelativePath(".", drawing);
    }
}
