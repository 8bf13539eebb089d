namespace DaprRollouts.Cli.Output;

/// <summary>Spans of time in a few characters, as kubectl shows them.</summary>
internal static class Age
{
    /// <summary>The time since an instant.</summary>
    public static string Since(DateTime? instant, DateTimeOffset now) =>
        instant is { } known ? Text(now - new DateTimeOffset(DateTime.SpecifyKind(known, DateTimeKind.Utc))) : "";

    /// <summary>A span: <c>42s</c>, <c>3m20s</c>, <c>5h</c>, <c>12d</c>.</summary>
    public static string Text(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => "0s",
        { TotalMinutes: < 2 } => $"{(int)span.TotalSeconds}s",
        { TotalMinutes: < 10 } => span.Seconds == 0 ? $"{(int)span.TotalMinutes}m" : $"{(int)span.TotalMinutes}m{span.Seconds}s",
        { TotalHours: < 3 } => $"{(int)span.TotalMinutes}m",
        { TotalDays: < 2 } => $"{(int)span.TotalHours}h",
        _ => $"{(int)span.TotalDays}d",
    };
}
