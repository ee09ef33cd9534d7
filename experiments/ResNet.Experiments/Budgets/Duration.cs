using System.Globalization;

namespace ResNet.Experiments.Budgets;

/// <summary>Times as people write them: <c>90s</c>, <c>10m</c>, <c>1.5h</c>.</summary>
public static class Duration
{
    static readonly TimeSpan _longest = TimeSpan.FromDays(30);

    /// <summary>Reads a number and its unit, <c>s</c>, <c>m</c> or <c>h</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="duration">The time, above zero and at most 30 days.</param>
    /// <returns>False if the text is no such time.</returns>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        ArgumentNullException.ThrowIfNull(text);
        duration = default;
        TimeSpan? unit = text is [.., var last] ? last switch
        {
            's' => TimeSpan.FromSeconds(1),
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            _ => null,
        } : null;
        if (unit is not { } one || !double.TryParse(text.AsSpan(..^1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)) return false;
        if (!(count > 0) || count > _longest / one) return false;
        duration = count * one;
        return true;
    }

    /// <summary>Writes a time in its largest fitting unit.</summary>
    public static string Format(TimeSpan duration) => FormattableString.Invariant(duration switch
    {
        { TotalHours: >= 1 } => (FormattableString)$"{duration.TotalHours:0.##}h",
        { TotalMinutes: >= 1 } => $"{duration.TotalMinutes:0.##}m",
        _ => $"{duration.TotalSeconds:0.##}s",
    });
}
