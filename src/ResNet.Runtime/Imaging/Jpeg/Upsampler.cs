using System.Runtime.Intrinsics;

namespace ResNet.Runtime.Imaging.Jpeg;

/// <summary>
/// Brings the rows of a component to the image's resolution. Halved components are interpolated linearly between
/// sample centers (weights 3/4 and 1/4), as libjpeg's "fancy upsampling" rounds it; others are repeated.
/// </summary>
sealed class Upsampler
{
    readonly JpegComponent _component;
    readonly int _h, _v, _maxH, _maxV;
    readonly bool _interpolateRows, _interpolateColumns;
    readonly ushort[] _sums;

    public Upsampler(JpegComponent component, JpegFrame frame)
    {
        _component = component;
        (_h, _v, _maxH, _maxV) = (component.H, component.V, frame.MaxH, frame.MaxV);
        bool halfWidth = 2 * _h == _maxH, halfHeight = 2 * _v == _maxV;
        // libjpeg repeats where a row is too short to have a middle.
        _interpolateColumns = halfWidth && component.Width > 2 && (halfHeight || _v == _maxV);
        _interpolateRows = halfHeight && (_interpolateColumns || _h == _maxH);
        _sums = new ushort[_interpolateRows && _interpolateColumns ? component.Width : 0];
    }

    /// <summary>Writes the image's row <paramref name="y"/>; the target has room for one sample more than the image is wide.</summary>
    public void WriteRow(int y, Span<byte> target)
    {
        var nearer = _component.Row(y * _v / _maxV);
        if (!_interpolateRows)
        {
            if (_h == _maxH)
                nearer.CopyTo(target);
            else if (_interpolateColumns)
                WidenRow(nearer, target);
            else
                RepeatRow(nearer, target);
            return;
        }

        bool upper = (y & 1) == 0;
        var further = _component.Row(Math.Clamp(y / 2 + (upper ? -1 : 1), 0, _component.Height - 1));
        if (_interpolateColumns)
        {
            Sum(nearer, further);
            WidenSums(_sums, target);
            return;
        }
        int bias = upper ? 1 : 2;
        for (int i = 0; i < nearer.Length; i++)
            target[i] = (byte)((3 * nearer[i] + further[i] + bias) >> 2);
    }

    static void WidenRow(ReadOnlySpan<byte> row, Span<byte> target)
    {
        int last = row.Length - 1;
        target[0] = row[0];
        target[2 * last + 1] = row[last];
        for (int i = 0; i < last; i++)
        {
            int left = row[i], right = row[i + 1];
            target[2 * i + 1] = (byte)((3 * left + right + 2) >> 2);
            target[2 * i + 2] = (byte)((left + 3 * right + 1) >> 2);
        }
    }

    void Sum(ReadOnlySpan<byte> nearer, ReadOnlySpan<byte> further)
    {
        int i = 0;
        for (; i <= _sums.Length - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
            (Widen(nearer[i..]) * 3 + Widen(further[i..])).CopyTo(_sums.AsSpan(i));
        for (; i < _sums.Length; i++)
            _sums[i] = (ushort)(3 * nearer[i] + further[i]);

        static Vector256<ushort> Widen(ReadOnlySpan<byte> samples) => Vector256.WidenLower(Vector128.Create(samples).ToVector256Unsafe());
    }

    static void WidenSums(ReadOnlySpan<ushort> sums, Span<byte> target)
    {
        int last = sums.Length - 1, i = 0;
        target[0] = (byte)((4 * sums[0] + 8) >> 4);
        target[2 * last + 1] = (byte)((4 * sums[last] + 7) >> 4);
        for (; i <= last - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
        {
            var (left, right) = (Vector256.Create(sums[i..]), Vector256.Create(sums[(i + 1)..]));
            var first = (left * 3 + right + Vector256.Create((ushort)7)) >> 4;
            var second = (left + right * 3 + Vector256.Create((ushort)8)) >> 4;
            (first | second << 8).AsByte().CopyTo(target[(2 * i + 1)..]);
        }
        for (; i < last; i++)
        {
            int left = sums[i], right = sums[i + 1];
            target[2 * i + 1] = (byte)((3 * left + right + 7) >> 4);
            target[2 * i + 2] = (byte)((left + 3 * right + 8) >> 4);
        }
    }

    void RepeatRow(ReadOnlySpan<byte> row, Span<byte> target)
    {
        // After the image's last sample there is nothing to repeat, and no reader.
        for (int x = 0; x < target.Length; x++)
            target[x] = row[Math.Min(x * _h / _maxH, row.Length - 1)];
    }
}
