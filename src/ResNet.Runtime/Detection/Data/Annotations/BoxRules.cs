using System.Globalization;

namespace ResNet.Runtime.Detection.Data.Annotations;

/// <summary>Decides which boxes of annotations are taken, and counts those that are not.</summary>
sealed class BoxRules(InvalidBoxes choice)
{
    /// <summary>The most pixels that rounding moves a side.</summary>
    const double Rounding = 1;

    int _skipped, _clipped;
    string? _firstSkipped;

    /// <summary>Checks a box.</summary>
    /// <param name="name">File and object, for messages.</param>
    /// <param name="corners">The corners as the file has them: the second has to be beyond the first.</param>
    /// <param name="box">The same box in continuous pixels.</param>
    /// <param name="width">Columns of the image.</param>
    /// <param name="height">Rows of the image.</param>
    /// <param name="taken">The box within the image.</param>
    /// <returns>False where the box is left out.</returns>
    /// <exception cref="DatasetException">The box is invalid, and none may be left out.</exception>
    public bool TryTake<TName>(TName name, Box corners, Box box, int width, int height, out Box taken)
    {
        taken = box.Clip(width, height);
        var problem = Problem(corners) ?? (taken == box ? null : $"expected a box within the image of {width}×{height} pixels");
        if (problem is null) return true;
        var found = string.Create(CultureInfo.InvariantCulture, $"{name}: {problem}, found {corners.X1},{corners.Y1} – {corners.X2},{corners.Y2}");
        if (choice == InvalidBoxes.Fail) throw new DatasetException(found);
        if (Problem(corners) is null && SticksOut(box, taken) <= Rounding && taken.Area > 0)
        {
            _clipped++;
            return true;
        }
        _skipped++;
        _firstSkipped ??= found;
        return false;
    }

    /// <summary>A sentence for what was left out and one for what was clipped, each if there is any.</summary>
    public IEnumerable<string> Warnings(string path)
    {
        if (_skipped > 0) yield return $"{path}: left out are invalid boxes ({_skipped}), the first being {_firstSkipped}";
        if (_clipped > 0) yield return $"{path}: boxes that stick out of their image by a pixel or less are clipped ({_clipped})";
    }

    static string? Problem(Box corners) =>
        !double.IsFinite(corners.X1 + corners.Y1 + corners.X2 + corners.Y2) ? "expected four numbers"
        : corners.Width < 0 || corners.Height < 0 ? "expected a box whose upper left corner comes first"
        : corners.Width == 0 || corners.Height == 0 ? "expected a box with an area"
        : null;

    static double SticksOut(Box box, Box within) =>
        Math.Max(Math.Max(within.X1 - box.X1, within.Y1 - box.Y1), Math.Max(box.X2 - within.X2, box.Y2 - within.Y2));
}
