using System.Buffers.Binary;

namespace ResNet.Runtime.Imaging.Jpeg;

/// <summary>
/// JPEG (ITU-T T.81) with 8 bit samples: baseline, extended sequential and progressive, Huffman coded. Pixels equal
/// those of libjpeg with its accurate integer transform, smooth chroma upsampling and smoothing across blocks. The file may end
/// where its pixels are complete.
/// </summary>
ref struct JpegDecoder
{
    /// <summary>A progressive file of a few bytes per scan could ask for endless passes over a large image.</summary>
    const int MaxScans = 100;

    ByteReader _reader;
    readonly ReadOnlySpan<byte> _content;
    readonly int[]?[] _quantization = new int[4][];
    readonly HuffmanTable?[] _dcTables = new HuffmanTable[4];
    readonly HuffmanTable?[] _acTables = new HuffmanTable[4];
    JpegFrame? _frame;
    int _scans;
    int _restartInterval;
    int _orientation = Orientation.Upright;
    bool _hasJfif;
    int? _adobeTransform;

    JpegDecoder(ReadOnlySpan<byte> content)
    {
        _content = content;
        _reader = new ByteReader(content, "JPEG") { Position = 2 };
    }

    public static Image Decode(ReadOnlySpan<byte> content) => new JpegDecoder(content).Decode();

    /// <summary>Reads the size and the orientation, which stand before the first scan.</summary>
    public static ImageInfo Identify(ReadOnlySpan<byte> content) => new JpegDecoder(content).Identify();

    ImageInfo Identify()
    {
        (int Width, int Height)? size = null;
        while (NextMarker() is not (Marker.StartOfScan or Marker.EndOfImage) and var marker)
        {
            if (Marker.HasNoSegment(marker))
                continue;
            var segment = TakeSegment();
            if (Marker.IsFrame(marker))
                size = JpegFrame.ReadSize(segment);
            else
                ReadApplicationSegment(marker, segment);
        }
        return size is var (width, height) ? ImageLimits.Info("JPEG", width, height, _orientation) : throw NoFrame();
    }

    Image Decode()
    {
        // A file whose pixels are complete is shown, though its end is missing.
        while ((_frame is not { IsComplete: true } || HasMarker()) && NextMarker() is not Marker.EndOfImage and var marker)
            if (!Marker.HasNoSegment(marker))
                ReadSegment(marker, TakeSegment());

        var frame = RequireFrame();
        frame.Finish();
        return Orientation.Apply(JpegColor.ToImage(frame, ColorModel()), _orientation);
    }

    void ReadSegment(byte marker, ReadOnlySpan<byte> segment)
    {
        switch (marker)
        {
            case Marker.BaselineFrame or Marker.ExtendedFrame or Marker.ProgressiveFrame:
                if (_frame is not null)
                    throw new ImageException("JPEG: expected one frame, found a second.");
                _frame = JpegFrame.Read(segment, marker == Marker.ProgressiveFrame, _content.Length);
                break;
            case Marker.HuffmanTables:
                ReadHuffmanTables(segment);
                break;
            case Marker.QuantizationTables:
                ReadQuantizationTables(segment);
                break;
            case Marker.RestartInterval:
                _restartInterval = new ByteReader(segment, "JPEG").U16BigEndian();
                break;
            case Marker.StartOfScan:
                ReadScan(segment);
                break;
            default:
                if (Marker.UnsupportedFrame(marker) is { } process)
                    throw new ImageException($"JPEG: expected Huffman coded baseline, extended or progressive data, found {process}.");
                ReadApplicationSegment(marker, segment);
                break;
        }
    }

    void ReadApplicationSegment(byte marker, ReadOnlySpan<byte> segment)
    {
        if (marker == Marker.App0 && segment.StartsWith("JFIF\0"u8))
            _hasJfif = true;
        else if (marker == Marker.App1 && segment.StartsWith("Exif\0\0"u8))
            _orientation = Orientation.Read(segment[6..]);
        else if (marker == Marker.App14 && segment.StartsWith("Adobe"u8) && segment.Length >= 12)
            _adobeTransform = segment[11];
    }

    ReadOnlySpan<byte> TakeSegment()
    {
        int length = _reader.U16BigEndian();
        return length >= 2 ? _reader.Take(length - 2) : throw new ImageException($"JPEG: expected a segment length of at least 2, found {length}.");
    }

    void ReadScan(ReadOnlySpan<byte> segment)
    {
        var frame = RequireFrame();
        if (++_scans > MaxScans)
            throw new ImageException($"JPEG: expected at most {MaxScans} scans, found more.");
        var header = JpegScanHeader.Read(segment, frame, _dcTables, _acTables);
        foreach (var part in header.Parts)
            part.Component.LatchQuantization(_quantization);
        var bits = new BitReader(_content, _reader.Position, isTolerant: _restartInterval > 0);
        JpegScan.Decode(ref bits, frame, header, _restartInterval);
        foreach (var part in header.Parts)
            part.Component.Note(header);
        _reader.Position = bits.Position;
    }

    static void CheckTableSlot(int slot)
    {
        if (slot > 3)
            throw new ImageException($"JPEG: expected a table slot from 0 to 3, found {slot}.");
    }

    readonly void ReadHuffmanTables(ReadOnlySpan<byte> segment)
    {
        var reader = new ByteReader(segment, "JPEG");
        while (reader.Remaining > 0)
        {
            int kind = reader.U8(), slot = kind & 15;
            CheckTableSlot(slot);
            if (kind >> 4 > 1)
                throw new ImageException($"JPEG: expected a Huffman table of class 0 or 1, found {kind >> 4}.");
            var counts = reader.Take(16);
            int total = 0;
            foreach (byte count in counts)
                total += count;
            var tables = kind >> 4 == 0 ? _dcTables : _acTables;
            tables[slot] = new HuffmanTable(counts, reader.Take(total), isDc: kind >> 4 == 0);
        }
    }

    readonly void ReadQuantizationTables(ReadOnlySpan<byte> segment)
    {
        var reader = new ByteReader(segment, "JPEG");
        while (reader.Remaining > 0)
        {
            int kind = reader.U8(), slot = kind & 15;
            CheckTableSlot(slot);
            var table = new int[64];
            for (int i = 0; i < 64; i++)
                table[ZigZag.Order[i]] = kind >> 4 == 0 ? reader.U8() : reader.U16BigEndian();
            _quantization[slot] = table;
        }
    }

    readonly JpegFrame RequireFrame() =>
        _frame ?? throw NoFrame();

    static ImageException NoFrame() => new("JPEG: expected a frame header before the image data, found none.");

    /// <summary>Skips to the next marker; files with stray bytes between segments are common enough to be read.</summary>
    byte NextMarker()
    {
        int at = Marker.Find(_content, _reader.Position);
        if (at < 0)
            throw new ImageException(_frame is { Progressive: true, IsShown: true }
                ? "JPEG: expected further scans or an end-of-image marker, found the end of the file: the image lacks details."
                : "JPEG: expected an end-of-image marker, found the end of the file.");
        _reader.Position = at + 2;
        return _content[at + 1];
    }

    /// <summary>Whether there is another marker, with its whole segment.</summary>
    readonly bool HasMarker()
    {
        int at = Marker.Find(_content, _reader.Position);
        return at >= 0 && (Marker.HasNoSegment(_content[at + 1])
            || at + 4 <= _content.Length && at + 2 + BinaryPrimitives.ReadUInt16BigEndian(_content[(at + 2)..]) <= _content.Length);
    }

    /// <summary>The colors of the components: told by JFIF or Adobe's segment, else guessed from their names as libjpeg does.</summary>
    readonly JpegColorModel ColorModel()
    {
        var components = RequireFrame().Components;
        switch (components.Length)
        {
            case 1:
                return JpegColorModel.Grey;
            case 3 when _hasJfif:
                return JpegColorModel.YCbCr;
            case 3 when _adobeTransform is { } transform:
                return transform == 0 ? JpegColorModel.Rgb : JpegColorModel.YCbCr;
            case 3:
                return components.Select(c => (char)c.Id).SequenceEqual("RGB") ? JpegColorModel.Rgb : JpegColorModel.YCbCr;
            default:
                return _adobeTransform is null or 0 ? JpegColorModel.Cmyk : JpegColorModel.Ycck;
        }
    }
}
