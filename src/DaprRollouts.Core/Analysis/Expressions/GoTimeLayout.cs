using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace DaprRollouts.Core.Analysis.Expressions;

/// <summary>Times in layouts that are written as Go does: by what a certain moment, 2006-01-02 15:04:05 -0700, would look like.</summary>
internal static class GoTimeLayout
{
    private static readonly (string Name, string Format, string Pattern)[] Parts =
    [
        ("2006", "yyyy", @"(?<yyyy>\d{4})"), ("January", "MMMM", "(?<MMMM>[A-Za-z]+)"), ("Jan", "MMM", "(?<MMM>[A-Za-z]{3})"),
        ("Monday", "dddd", "(?<dddd>[A-Za-z]+)"), ("Mon", "ddd", "(?<ddd>[A-Za-z]{3})"), ("MST", "'UTC'", "(?<zone>[A-Z]{3,4})"),
        ("01", "MM", @"(?<MM>\d{2})"), ("02", "dd", @"(?<dd>\d{2})"), ("03", "hh", @"(?<hh>\d{2})"), ("04", "mm", @"(?<mm>\d{2})"),
        ("05", "ss", @"(?<ss>\d{2})"), ("06", "yy", @"(?<yy>\d{2})"), ("15", "HH", @"(?<HH>\d{2})"),
        ("Z07:00", "K", @"(?<offset>Z|[+-]\d{2}:\d{2})"), ("-07:00", "zzz", @"(?<offset>[+-]\d{2}:\d{2})"), ("-0700", "zzz", @"(?<offset>[+-]\d{4})"),
        ("PM", "tt", "(?<tt>[AP]M)"), ("_2", "%d", @"\s?(?<dd>\d{1,2})"), ("1", "%M", @"(?<MM>\d{1,2})"), ("2", "%d", @"(?<dd>\d{1,2})"),
        ("3", "%h", @"(?<hh>\d{1,2})"), ("4", "%m", @"(?<mm>\d{1,2})"), ("5", "%s", @"(?<ss>\d{1,2})"),
    ];

    public static string Format(string layout, DateTimeOffset time)
    {
        var text = new StringBuilder();
        foreach (var (part, literal) in Split(layout))
        {
            text.Append(part is { } known ? time.ToString(known.Format, CultureInfo.InvariantCulture) : literal);
        }

        return text.ToString();
    }

    /// <summary>Reads a time; one without an offset is one of the zone.</summary>
    public static bool TryParse(string layout, string text, TimeZoneInfo zone, out DateTimeOffset time)
    {
        time = default;
        var pattern = new StringBuilder("^");
        HashSet<string> seen = [];
        foreach (var (part, literal) in Split(layout))
        {
            if (part is { } known && !seen.Add(known.Name))
            {
                return false;
            }

            pattern.Append(part?.Pattern ?? Regex.Escape(literal));
            pattern.Append(part?.Name is "05" or "5" ? @"(?<fraction>[.,]\d{1,9})?" : "");
        }

        var match = Regex.Match(text, pattern.Append('$').ToString(), RegexOptions.NonBacktracking);
        return match.Success && TryBuild(match.Groups, zone, out time);
    }

    private static bool TryBuild(GroupCollection groups, TimeZoneInfo zone, out DateTimeOffset time)
    {
        time = default;
        try
        {
            var hour = Number(groups["HH"]) ?? Number(groups["hh"]) ?? 0;
            hour = groups["tt"].Value switch { "PM" when hour < 12 => hour + 12, "AM" when hour == 12 => 0, _ => hour };
            var local = new DateTime(
                Year(groups), Month(groups), Number(groups["dd"]) ?? 1, hour, Number(groups["mm"]) ?? 0, Number(groups["ss"]) ?? 0, DateTimeKind.Unspecified)
                .AddTicks(Fraction(groups["fraction"].Value));
            time = new DateTimeOffset(local, Offset(groups["offset"].Value) ?? zone.GetUtcOffset(local));
            return true;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            return false; // digits in the right places, but no such date
        }
    }

    private static int Year(GroupCollection groups) =>
        Number(groups["yyyy"]) is { } year ? Math.Max(1, year)
        : Number(groups["yy"]) is { } shortYear ? shortYear + (shortYear >= 69 ? 1900 : 2000)
        : 1;

    private static int Month(GroupCollection groups) =>
        Number(groups["MM"])
        ?? (groups["MMMM"].Success ? DateTime.ParseExact(groups["MMMM"].Value, "MMMM", CultureInfo.InvariantCulture).Month
            : groups["MMM"].Success ? DateTime.ParseExact(groups["MMM"].Value, "MMM", CultureInfo.InvariantCulture).Month
            : 1);

    private static long Fraction(string digits) =>
        digits.Length == 0 ? 0 : (long)(decimal.Parse("0." + digits[1..], CultureInfo.InvariantCulture) * TimeSpan.TicksPerSecond);

    private static TimeSpan? Offset(string text)
    {
        if (text.Length == 0)
        {
            return null;
        }

        var digits = text.Replace(":", "");
        return text == "Z"
            ? TimeSpan.Zero
            : (digits[0] == '-' ? -1 : 1) * new TimeSpan(int.Parse(digits.AsSpan(1, 2), CultureInfo.InvariantCulture), int.Parse(digits.AsSpan(3, 2), CultureInfo.InvariantCulture), 0);
    }

    private static int? Number(Group group) => group.Success ? int.Parse(group.Value, CultureInfo.InvariantCulture) : null;

    private static IEnumerable<((string Name, string Format, string Pattern)? Part, string Literal)> Split(string layout)
    {
        for (var at = 0; at < layout.Length;)
        {
            var index = Array.FindIndex(Parts, p => layout.AsSpan(at).StartsWith(p.Name, StringComparison.Ordinal));
            yield return index < 0 ? (null, layout[at].ToString()) : (Parts[index], "");
            at += index < 0 ? 1 : Parts[index].Name.Length;
        }
    }
}
