using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;
using ResNet.Runtime.Cpu.Binding;

namespace ResNet.Runtime.Training;

/// <summary>
/// Writes a TensorBoard event file: TFRecord framing around the protocol buffer <c>tensorflow.Event</c>, of which a scalar
/// needs five fields. A resumed run writes a file of its own beside the older ones, as TensorBoard expects. TensorBoard reads the files in the order
/// of their names, which begin with the time: a file is named after the newest before it, even if the clock was set back.
/// </summary>
public sealed class TensorBoardLog : ITrainingObserver, IDisposable
{
    const string Prefix = "events.out.tfevents.";
    readonly FileStream _file;
    readonly TimeProvider _time;

    /// <summary>Creates the file <c>events.out.tfevents.…</c>.</summary>
    /// <param name="folder">The folder; created if it is missing.</param>
    /// <param name="time">The clock of the events; the system's by default.</param>
    public TensorBoardLog(string folder, TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        Directory.CreateDirectory(folder);
        var stamp = Math.Max(_time.GetUtcNow().ToUnixTimeMilliseconds(), NewestStamp(folder) + 1);
        _file = new FileStream(Path.Combine(folder, $"{Prefix}{stamp:D13}.{Environment.ProcessId}"), FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        using var message = Event(0);
        Write(message, 3, "brain.Event:2"u8);
        WriteRecord(message);
    }

    /// <inheritdoc/>
    public void OnStep(StepMetrics metrics) => WriteScalars(metrics.Step,
        ("train/loss", metrics.Loss), ("train/accuracy", metrics.Accuracy), ("train/learning_rate", metrics.LearningRate),
        ("train/gradient_norm", metrics.GradientNorm), ("train/images_per_second", metrics.ImagesPerSecond));

    /// <inheritdoc/>
    public void OnEpoch(EpochMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        WriteScalars(metrics.Step, ("epoch/loss", metrics.Loss), ("epoch/accuracy", metrics.Accuracy));
        if (metrics.Validation is { } validation) WriteScalars(metrics.Step, ("epoch/validation", validation));
        BeforeCheckpoint();
    }

    /// <inheritdoc/>
    public void BeforeCheckpoint() => _file.Flush();

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>The greatest time in the names of the folder's event files; 0 where there is none.</summary>
    static long NewestStamp(string folder) => Directory.EnumerateFiles(folder, Prefix + "*")
        .Select(file => long.TryParse(Path.GetFileName(file)[Prefix.Length..].Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var stamp) ? stamp : 0)
        .DefaultIfEmpty().Max();

    /// <summary>Writes values of a step, each with its name.</summary>
    internal void WriteScalars(long step, params ReadOnlySpan<(string Tag, double Value)> scalars)
    {
        using var summary = new MemoryStream();
        Span<byte> single = stackalloc byte[4];
        foreach (var (tag, value) in scalars)
        {
            using var scalar = new MemoryStream();
            Write(scalar, 1, Encoding.UTF8.GetBytes(tag));
            scalar.WriteByte(2 << 3 | 5);
            BinaryPrimitives.WriteSingleLittleEndian(single, (float)value);
            scalar.Write(single);
            Write(summary, 1, scalar.ToArray());
        }
        using var message = Event(step);
        Write(message, 5, summary.ToArray());
        WriteRecord(message);
    }

    /// <summary>An event of now: field 1 is the time in seconds, field 2 the step.</summary>
    MemoryStream Event(long step)
    {
        var message = new MemoryStream();
        message.WriteByte(1 << 3 | 1);
        Span<byte> seconds = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(seconds, _time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0);
        message.Write(seconds);
        message.WriteByte(2 << 3);
        WriteVarint(message, (ulong)step);
        return message;
    }

    /// <summary>A field that holds a text or a message.</summary>
    static void Write(MemoryStream message, int field, ReadOnlySpan<byte> bytes)
    {
        message.WriteByte((byte)(field << 3 | 2));
        WriteVarint(message, (ulong)bytes.Length);
        message.Write(bytes);
    }

    static void WriteVarint(MemoryStream message, ulong value)
    {
        for (; value >= 0x80; value >>= 7) message.WriteByte((byte)(value | 0x80));
        message.WriteByte((byte)value);
    }

    /// <summary>A TFRecord: the length, its checksum, the data, its checksum.</summary>
    void WriteRecord(MemoryStream message)
    {
        var data = message.ToArray();
        Span<byte> length = stackalloc byte[8], checksum = stackalloc byte[4];
        BinaryPrimitives.WriteInt64LittleEndian(length, data.Length);
        _file.Write(length);
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, MaskedCrc(length));
        _file.Write(checksum);
        _file.Write(data);
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, MaskedCrc(data));
        _file.Write(checksum);
    }

    /// <summary>TFRecord's checksum, which is masked because checksums of data that holds checksums are weak.</summary>
    internal static uint MaskedCrc(ReadOnlySpan<byte> data) => unchecked(BitOperations.RotateRight(Crc32C(data), 15) + 0xA282EAD8);

    /// <summary>The Castagnoli CRC (RFC 3720, appendix B.4).</summary>
    internal static uint Crc32C(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data) crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }
}
