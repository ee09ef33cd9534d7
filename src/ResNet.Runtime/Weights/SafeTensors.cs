using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Json;
using ResNet.Runtime.Weights.Files;

namespace ResNet.Runtime.Weights;

/// <summary>
/// The safetensors format: the length of a JSON header as eight bytes, the header (name → type, shape, range of bytes),
/// the bytes. As the reference implementation does, it refuses headers over 100 MB and data with gaps or overlaps.
/// </summary>
static class SafeTensors
{
    const int MaxHeader = 100_000_000;
    const int MaxRank = 16;
    const string MetadataKey = "__metadata__";

    /// <summary>A tensor and its range among the data. A class: lists of it are code that the framework ships compiled.</summary>
    sealed record Placed(WeightTensor Tensor, long Begin, long End);

    static readonly (string Name, WeightType Type)[] _types =
    [
        ("F32", WeightType.Float32), ("F64", WeightType.Float64), ("F16", WeightType.Float16), ("BF16", WeightType.BFloat16),
        ("I64", WeightType.Int64), ("I32", WeightType.Int32), ("I16", WeightType.Int16), ("I8", WeightType.Int8),
        ("U8", WeightType.UInt8), ("BOOL", WeightType.Bool), ("F8_E4M3", WeightType.Float8E4M3), ("F8_E5M2", WeightType.Float8E5M2),
    ];

    public static List<WeightTensor> Read(WeightBytes file, Dictionary<string, string> metadata)
    {
        var length = BinaryPrimitives.ReadUInt64LittleEndian(file.Slice(0, 8));
        if (length > MaxHeader || length > (ulong)file.Length - 8)
            throw file.Invalid("the header's length is impossible", expected: $"at most {Math.Min(MaxHeader, file.Length - 8)} bytes", found: $"{length}");
        try
        {
            var options = new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 };
            using var header = JsonDocument.Parse(file.Slice(8, (long)length).ToArray(), options);
            return ReadTensors(file, header.RootElement, 8 + (long)length, metadata);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: text that is no valid Unicode, found when it is asked for.
            throw new WeightsException(file.Name, $"the header is not valid: {e.Message}", inner: e);
        }
    }

    static List<WeightTensor> ReadTensors(WeightBytes file, JsonElement header, long data, Dictionary<string, string> metadata)
    {
        if (header.ValueKind != JsonValueKind.Object)
            throw file.Invalid("the header is no JSON object");
        var tensors = new List<Placed>();
        foreach (var property in header.EnumerateObject())
        {
            if (property.Name != MetadataKey)
                tensors.Add(ReadTensor(file, property.Name, property.Value, data));
            else if (property.Value.ValueKind == JsonValueKind.Object)
                foreach (var entry in property.Value.EnumerateObject())
                    metadata[entry.Name] = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString()! : throw file.Invalid($"metadata '{entry.Name}' is no text");
            else
                throw file.Invalid("the metadata is no JSON object");
        }

        long end = 0;
        foreach (var placed in tensors.OrderBy(t => t.Begin).ThenBy(t => t.End))
        {
            if (placed.Begin != end)
                throw file.Invalid(placed.Begin < end ? "its bytes overlap another tensor's" : "there is a gap before its bytes", placed.Tensor.Name, $"a start at {end}", $"{placed.Begin}");
            end = placed.End;
        }
        if (data + end != file.Length)
            throw file.Invalid("the tensors do not fill the file", expected: $"{data + end} bytes", found: $"{file.Length}");
        return tensors.ConvertAll(t => t.Tensor);
    }

    static Placed ReadTensor(WeightBytes file, string name, JsonElement entry, long data)
    {
        if (entry.ValueKind != JsonValueKind.Object
            || !entry.TryGetProperty("dtype", out var dtype) || dtype.ValueKind != JsonValueKind.String
            || !entry.TryGetProperty("shape", out var sizes) || sizes.ValueKind != JsonValueKind.Array || sizes.GetArrayLength() > MaxRank
            || !entry.TryGetProperty("data_offsets", out var offsets) || offsets.ValueKind != JsonValueKind.Array || offsets.GetArrayLength() != 2)
            throw file.Invalid("its entry in the header is not valid", name, expected: "dtype, shape and data_offsets");

        var index = Array.FindIndex(_types, t => dtype.ValueEquals(t.Name));
        if (index < 0)
            throw file.Invalid("its type is not supported", name, string.Join(", ", _types.Select(t => t.Name)), dtype.GetString());
        var type = _types[index].Type;

        var shape = ImmutableArray.CreateBuilder<int>(sizes.GetArrayLength());
        foreach (var size in sizes.EnumerateArray())
            shape.Add(size.ValueKind == JsonValueKind.Number && size.TryGetInt32(out var n) && n >= 0 ? n : throw file.Invalid("its shape is not valid", name, found: sizes.GetRawText()));
        if (!TensorLayout.TryCount(shape.ToImmutable(), out var count))
            throw file.Invalid("its shape is too large", name, found: sizes.GetRawText());

        var bytes = (long)count * type.Size();
        if (!TryOffset(offsets[0], out var begin) || !TryOffset(offsets[1], out var end) || begin > end || end > file.Length - data || end - begin != bytes)
            throw file.Invalid("its range of bytes is not valid", name, $"{bytes} of the file's {file.Length - data}", offsets.GetRawText());
        return new(new(file, name, type, shape.MoveToImmutable(), data + begin), begin, end);
    }

    static bool TryOffset(JsonElement element, out long offset)
    {
        offset = 0;
        return element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out offset) && offset >= 0;
    }

    public static void Write(Stream stream, IReadOnlyList<WeightTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        // Wider types first, as the reference implementation: every tensor is then aligned to its type.
        var ordered = tensors.OrderByDescending(t => t.Type.Size()).ToArray();
        var header = Header(ordered, metadata);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var tensor in ordered)
        {
            stream.Write(tensor.Bytes());
            GC.KeepAlive(tensor);
        }
    }

    static byte[] Header(WeightTensor[] tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata.Count > 0)
            {
                json.WriteStartObject(MetadataKey);
                foreach (var (key, value) in metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                    json.WriteString(key, value);
                json.WriteEndObject();
            }
            long offset = 0;
            foreach (var tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", _types.First(t => t.Type == tensor.Type).Name);
                json.WriteStartArray("shape");
                foreach (var dimension in tensor.Shape)
                    json.WriteNumberValue(dimension);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                offset += (long)tensor.Length * tensor.Type.Size();
                json.WriteNumberValue(offset);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        while (buffer.Length % 8 != 0)
            buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }
}
