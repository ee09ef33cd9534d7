using System.Globalization;

namespace ResNet.Runtime.Detection.Data.Coco;

/// <summary>The place of a record, for messages, which are written only when there is something to say: of a million objects, none may be wrong.</summary>
/// <param name="List">File and list.</param>
/// <param name="Index">Position in the list.</param>
/// <param name="Id">The record's id, where there is one.</param>
readonly record struct CocoSource(string List, int Index, long? Id)
{
    public override string ToString() => Id is { } id
        ? string.Create(CultureInfo.InvariantCulture, $"{List}[{Index}] (id {id})")
        : string.Create(CultureInfo.InvariantCulture, $"{List}[{Index}]");
}
