using System.Globalization;

namespace ResNet.Dsl;

/// <summary>An edit of the wrong call or attribute that would correct an error; the editor offers it.</summary>
/// <param name="Argument">Parameter of the builder call, or property of the attribute.</param>
/// <param name="Value">The value to give it, as C#; null to leave it out.</param>
readonly record struct Remedy(string Argument, string? Value)
{
    const int Most = 3;

    /// <summary>The values that are nearest to a wrong one, the nearest first.</summary>
    public static EquatableArray<Remedy> Nearest(string argument, int wrong, params int[] values) =>
        new(values.OrderBy(value => Math.Abs((long)value - wrong)).Take(Most).Select(value => new Remedy(argument, Text(value))));

    /// <summary>A remedy that gives a number.</summary>
    public static Remedy Number(string argument, int value) => new(argument, Text(value));

    /// <summary>A remedy that leaves an argument out.</summary>
    public static Remedy LeaveOut(string argument) => new(argument, null);

    static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
