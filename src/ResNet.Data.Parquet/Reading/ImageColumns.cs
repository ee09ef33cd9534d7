using Parquet.Schema;
using ResNet.Runtime;

namespace ResNet.Data.Parquet.Reading;

/// <summary>The columns of a file that a data set reads.</summary>
/// <param name="Image">The bytes of images.</param>
/// <param name="Label">The labels: integers or texts.</param>
/// <param name="Names">Names of the classes, where the hub's metadata have them.</param>
sealed record ImageColumns(DataField Image, DataField Label, IReadOnlyList<string>? Names)
{
    static readonly string[] _images = ["image", "img"], _labels = ["label", "labels", "class", "fine_label", "target", "cls"];

    static readonly Type[] _integers = [typeof(long), typeof(int), typeof(short), typeof(sbyte), typeof(byte), typeof(ushort), typeof(uint), typeof(ulong)];

    /// <summary>Finds the columns.</summary>
    /// <exception cref="DatasetException">A column is not there, is of another type, or may be one of several.</exception>
    public static ImageColumns Find(string path, IReadOnlyList<Field> fields, HubFeatures hub, ParquetDatasetOptions options)
    {
        var image = Choose(path, "image", nameof(options.ImageColumn), "bytes, or a struct with a field bytes", fields, field => BytesOf(field) is not null,
            options.ImageColumn, hub.Images, _images);
        var label = Choose(path, "label", nameof(options.LabelColumn), "integers or texts", fields, IsLabel,
            options.LabelColumn, [.. hub.Labels.Select(feature => feature.Column)], _labels, field => _integers.Contains(((DataField)field).ClrType));
        return new(BytesOf(image)!, (DataField)label, hub.Labels.FirstOrDefault(feature => feature.Column == label.Name).Names);
    }

    /// <summary>The column that was asked for, or the first of the likely names, or the only one that fits.</summary>
    static Field Choose(string path, string kind, string option, string expected, IReadOnlyList<Field> fields, Predicate<Field> fits,
        string? asked, IReadOnlyList<string> hub, string[] likely, Predicate<Field>? alone = null)
    {
        var columns = string.Join(", ", fields.Select(field => field.Name));
        if (asked is not null)
        {
            var found = fields.FirstOrDefault(field => field.Name == asked) ?? throw new DatasetException($"{path}: expected a column {asked}, found {columns}");
            return fits(found) ? found : throw new DatasetException($"{path}, column {asked}: expected {expected}, found {found}");
        }
        Field[] fitting = [.. fields.Where(field => fits(field))];
        if (hub.Concat(likely).Select(name => Array.Find(fitting, field => field.Name == name)).FirstOrDefault(field => field is not null) is { } named) return named;
        return Array.FindAll(fitting, alone ?? (_ => true)) is [var only]
            ? only
            : throw new DatasetException($"{path}: expected a column {kind} of {expected}, found {columns}; name the column by {nameof(ParquetDatasetOptions)}.{option}");
    }

    static DataField? BytesOf(Field field) => field switch
    {
        DataField { MaxRepetitionLevel: 0 } data when data.ClrType == typeof(byte[]) || data.ClrType == typeof(ReadOnlyMemory<byte>) => data,
        StructField { MaxRepetitionLevel: 0 } parts => parts.Fields.FirstOrDefault(part => part is DataField { Name: "bytes" }) is { } bytes ? BytesOf(bytes) : null,
        _ => null,
    };

    static bool IsLabel(Field field) => field is DataField { MaxRepetitionLevel: 0 } data && (_integers.Contains(data.ClrType) || IsText(data));

    public static bool IsText(DataField field) => field.ClrType == typeof(string) || field.ClrType == typeof(ReadOnlyMemory<char>);
}
