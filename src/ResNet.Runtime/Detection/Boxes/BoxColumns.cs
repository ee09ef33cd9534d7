using System.Numerics;

namespace ResNet.Runtime.Detection.Boxes;

/// <summary>A list of boxes, side by side in columns, so that a vector compares several of them with another.</summary>
sealed class BoxColumns
{
    static readonly int _lanes = Vector<double>.Count;

    // Unused places hold boxes without area, which overlap nothing.
    double[] _x1 = new double[4 * _lanes];
    double[] _y1 = new double[4 * _lanes];
    double[] _x2 = new double[4 * _lanes];
    double[] _y2 = new double[4 * _lanes];
    double[] _areas = new double[4 * _lanes];
    int _count;

    public void Add(Box box)
    {
        if (_count == _areas.Length) Grow();
        (_x1[_count], _y1[_count], _x2[_count], _y2[_count], _areas[_count]) = (box.X1, box.Y1, box.X2, box.Y2, box.Area);
        _count++;
    }

    /// <summary>Whether the intersection over union of any box of the list with another is above a threshold: <see cref="Box.Overlap"/> to the bit.</summary>
    public bool AnyOverlap(Box box, double threshold)
    {
        Vector<double> x1 = new(box.X1), y1 = new(box.Y1), x2 = new(box.X2), y2 = new(box.Y2), area = new(box.Area), least = new(threshold);
        for (var i = 0; i < _count; i += _lanes)
        {
            var width = Vector.Min(x2, new(_x2, i)) - Vector.Max(x1, new(_x1, i));
            var height = Vector.Min(y2, new(_y2, i)) - Vector.Max(y1, new(_y1, i));
            var intersection = Vector.Max(width, Vector<double>.Zero) * Vector.Max(height, Vector<double>.Zero);
            // Without a union, the quotient is not a number and above no threshold.
            if (Vector.GreaterThanAny(intersection / (area + new Vector<double>(_areas, i) - intersection), least)) return true;
        }
        return false;
    }

    void Grow()
    {
        var length = 2 * _areas.Length;
        Array.Resize(ref _x1, length);
        Array.Resize(ref _y1, length);
        Array.Resize(ref _x2, length);
        Array.Resize(ref _y2, length);
        Array.Resize(ref _areas, length);
    }
}
