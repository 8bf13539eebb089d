using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Analysis.Expressions;

/// <summary>Functions that make times and durations.</summary>
internal static class TimeFunctions
{
    private static readonly ValueKind[] Text = [ValueKind.Text];

    private static readonly string[] Layouts =
    [
        "2006-01-02", "15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04:05Z07:00", "02 Jan 06 15:04 MST", "Monday, 02-Jan-06 15:04:05 MST",
        "Mon, 02 Jan 2006 15:04:05 MST",
    ];

    public static IReadOnlyList<Function> All { get; } =
    [
        new("now", 0, 0, i => i.Evaluator.Now) { Result = _ => StaticType.Time },
        new("duration", 1, 1, Duration) { Takes = [Text], Result = _ => StaticType.Duration },
        new("date", 1, 3, Date) { Takes = [Text], Result = _ => StaticType.Time },
        new("timezone", 1, 1, i => Zone(i, 0)) { Takes = [Text] },
    ];

    private static object? Duration(Invocation i) =>
        GoDuration.TryParse(i.Text(0), out var duration) ? duration : throw i.Error($"time: invalid duration \"{i.Text(0)}\"");

    private static object? Date(Invocation i)
    {
        var zone = i.Count > 2 ? Zone(i, 2) : TimeZoneInfo.Utc;
        foreach (var layout in i.Count > 1 ? [i.Text(1)] : Layouts)
        {
            if (GoTimeLayout.TryParse(layout, i.Text(0), zone, out var time))
            {
                return time;
            }
        }

        throw i.Error(i.Count > 1 ? $"\"{i.Text(0)}\" does not have the layout \"{i.Text(1)}\"" : $"invalid date {i.Text(0)}");
    }

    private static TimeZoneInfo Zone(Invocation i, int index) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(i.Text(index) is "" ? "UTC" : i.Text(index), out var zone) ? zone : throw i.Error($"unknown time zone {i.Text(index)}");
}
