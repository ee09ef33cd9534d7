using System.Text.Json;

namespace ResNet.Runtime.Data.Folders;

/// <summary>Image files and their classes as JSON, an object per line with <c>file_name</c> and <c>label</c>, as in the hub's <c>metadata.jsonl</c>.</summary>
static class JsonList
{
    /// <summary>Reads a list.</summary>
    /// <exception cref="DatasetException">A line is no such object.</exception>
    public static List<ListedImage> Read(string path)
    {
        var images = new List<ListedImage>();
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            var place = $"{path}, line {number}";
            images.Add(new(number, TextOf(place, line, CsvList.FileColumn), TextOf(place, line, CsvList.LabelColumn)));
        }
        return images;
    }

    /// <summary>The text or the number of a field.</summary>
    /// <param name="place">The object's place, for messages.</param>
    /// <param name="json">An object.</param>
    /// <param name="field">The name of the field.</param>
    /// <exception cref="DatasetException">It is no object, or has no such field.</exception>
    public static string TextOf(string place, string json, string field)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new DatasetException($"{place}: expected an object, found {document.RootElement.ValueKind}");
            if (document.RootElement.TryGetProperty(field, out var value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number && value.ToString() is { Length: > 0 } text)
                return text;
            throw new DatasetException($"{place}: expected a field {field} with a text or a number, found {string.Join(", ", document.RootElement.EnumerateObject().Select(property => property.Name))}");
        }
        // A text that is invalid, such as half of a surrogate pair, parses.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new DatasetException($"{place}: expected JSON, found it damaged: {e.Message}", e);
        }
    }

    /// <summary>Whether the first line of a list has a label.</summary>
    public static bool HasLabels(string path) => File.ReadLines(path).FirstOrDefault(line => !string.IsNullOrWhiteSpace(line)) is { } line && HasLabel(line);

    static bool HasLabel(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(CsvList.LabelColumn, out _);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Reading the list tells what is wrong with it.
            return json.Contains($"\"{CsvList.LabelColumn}\"", StringComparison.Ordinal);
        }
    }
}
