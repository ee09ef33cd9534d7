using System.Globalization;
using System.Text.Json;

namespace ResNet.Runtime.Detection.Data.Coco;

/// <summary>The properties of a JSON object that are asked for, and its name for messages.</summary>
/// <param name="list">File and list.</param>
/// <param name="index">Position in the list.</param>
sealed class CocoRecord(string list, int index)
{
    readonly Dictionary<string, double> _numbers = new(StringComparer.Ordinal);
    readonly Dictionary<string, long> _wholes = new(StringComparer.Ordinal);
    readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    double[]? _box;

    /// <summary>Its place in the file.</summary>
    public CocoSource Source => new(list, index, _wholes.TryGetValue("id", out var id) ? id : null);

    /// <summary>Reads the object that the current token begins; values of other kinds than numbers, strings and four numbers are passed.</summary>
    public static CocoRecord Read(JsonTokens tokens, string list, int index)
    {
        var record = new CocoRecord(list, index);
        if (tokens.Type != JsonTokenType.StartObject) throw new DatasetException($"{record.Source}: expected an object, found {tokens.Type}");
        while (tokens.Next() == JsonTokenType.PropertyName)
        {
            var name = tokens.Text!;
            switch (tokens.Next())
            {
                case JsonTokenType.Number:
                    record._numbers[name] = tokens.Number!.Value;
                    if (tokens.Whole is { } whole) record._wholes[name] = whole;
                    break;
                case JsonTokenType.String:
                    record._texts[name] = tokens.Text!;
                    break;
                case JsonTokenType.StartArray when name == "bbox":
                    record._box = Numbers(tokens);
                    break;
                default:
                    tokens.Skip();
                    break;
            }
        }
        return record;
    }

    public long Whole(string name) => _wholes.TryGetValue(name, out var value) ? value : throw Missing(name, "a whole number");

    public string Text(string name) => _texts.TryGetValue(name, out var value) ? value : throw Missing(name, "a string");

    /// <summary>A number, or null where there is none.</summary>
    public double? Number(string name) => _numbers.TryGetValue(name, out var value) ? value : null;

    /// <summary>The <c>bbox</c>: left side, upper side, width, height.</summary>
    public Box Box() => _box is [var x, var y, var width, var height] ? new(x, y, x + width, y + height) : throw Missing("bbox", "four numbers");

    static double[]? Numbers(JsonTokens tokens)
    {
        var numbers = new List<double>();
        var areNumbers = true;
        while (tokens.Next() != JsonTokenType.EndArray)
        {
            if (tokens.Number is { } number) numbers.Add(number);
            else areNumbers = false;
            tokens.Skip();
        }
        return areNumbers ? [.. numbers] : null;
    }

    DatasetException Missing(string name, string expected) => new($"{Source}: expected {expected} as {name}, found {(_texts.TryGetValue(name, out var text) ? $"\"{text}\"" : _numbers.TryGetValue(name, out var number) ? number.ToString(CultureInfo.InvariantCulture) : "none")}");
}
