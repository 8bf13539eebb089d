namespace DaprRollouts.Core.Analysis.Expressions;

/// <summary>Methods of times and durations.</summary>
internal static class TimeMethods
{
    private static readonly Dictionary<string, Func<TimeSpan, object>> OfDuration = new()
    {
        ["Hours"] = d => d.TotalHours,
        ["Minutes"] = d => d.TotalMinutes,
        ["Seconds"] = d => d.TotalSeconds,
        ["Milliseconds"] = d => (long)d.TotalMilliseconds,
        ["Microseconds"] = d => (long)d.TotalMicroseconds,
        ["Nanoseconds"] = d => d.Ticks * 100,
        ["Abs"] = d => d.Duration(),
        ["String"] = d => GoFormat.Duration(d),
    };

    private static readonly Dictionary<string, Func<DateTimeOffset, object>> OfTime = new()
    {
        ["Year"] = t => (long)t.Year,
        ["Month"] = t => (long)t.Month,
        ["Day"] = t => (long)t.Day,
        ["YearDay"] = t => (long)t.DayOfYear,
        ["Weekday"] = t => (long)t.DayOfWeek,
        ["Hour"] = t => (long)t.Hour,
        ["Minute"] = t => (long)t.Minute,
        ["Second"] = t => (long)t.Second,
        ["Nanosecond"] = t => t.Ticks % TimeSpan.TicksPerSecond * 100,
        ["Unix"] = t => t.ToUnixTimeSeconds(),
        ["UnixMilli"] = t => t.ToUnixTimeMilliseconds(),
        ["UTC"] = t => t.ToUniversalTime(),
        ["String"] = t => GoFormat.Default(t),
    };

    private static readonly Dictionary<string, Func<DateTimeOffset, object?, object?>> OfTimeWithArgument = new()
    {
        ["Add"] = (t, a) => a is TimeSpan d ? t + d : null,
        ["Sub"] = (t, a) => a is DateTimeOffset other ? t - other : null,
        ["Before"] = (t, a) => a is DateTimeOffset other ? t < other : null,
        ["After"] = (t, a) => a is DateTimeOffset other ? t > other : null,
        ["Equal"] = (t, a) => a is DateTimeOffset other ? t == other : null,
        ["In"] = (t, a) => a is TimeZoneInfo zone ? TimeZoneInfo.ConvertTime(t, zone) : null,
        ["Format"] = (t, a) => a is string layout ? GoTimeLayout.Format(layout, t) : null,
        ["Truncate"] = (t, a) => a is TimeSpan { Ticks: > 0 } d ? new DateTimeOffset(t.Ticks - (t.Ticks % d.Ticks), t.Offset) : null,
    };

    public static bool Exists(string name) => OfDuration.ContainsKey(name) || OfTime.ContainsKey(name) || OfTimeWithArgument.ContainsKey(name);

    /// <exception cref="ExpressionException">There is no such method, or it does not take such arguments.</exception>
    public static object? Call(object? target, string name, object?[] arguments, int position)
    {
        try
        {
            return (target, arguments.Length) switch
            {
                (TimeSpan duration, 0) when OfDuration.TryGetValue(name, out var method) => method(duration),
                (DateTimeOffset time, 0) when OfTime.TryGetValue(name, out var method) => method(time),
                (DateTimeOffset time, 1) when OfTimeWithArgument.TryGetValue(name, out var method) => method(time, arguments[0]) ?? throw Unknown(),
                _ => throw Unknown(),
            };
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException)
        {
            throw new ExpressionException("the time is out of range", position);
        }

        ExpressionException Unknown() => new($"{Values.TypeName(target)} has no method {name} for these arguments", position);
    }
}
