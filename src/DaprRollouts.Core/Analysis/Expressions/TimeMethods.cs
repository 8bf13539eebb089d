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
        ["Month"] = t => (Month)t.Month,
        ["Day"] = t => (long)t.Day,
        ["YearDay"] = t => (long)t.DayOfYear,
        ["Weekday"] = t => t.DayOfWeek,
        ["Hour"] = t => (long)t.Hour,
        ["Minute"] = t => (long)t.Minute,
        ["Second"] = t => (long)t.Second,
        ["Nanosecond"] = t => t.Ticks % TimeSpan.TicksPerSecond * 100,
        ["Unix"] = t => t.ToUnixTimeSeconds(),
        ["UnixMilli"] = t => t.ToUnixTimeMilliseconds(),
        ["UnixMicro"] = t => (t.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond,
        ["UnixNano"] = t => (t.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * 100,
        ["IsZero"] = t => t == DateTimeOffset.MinValue,
        ["UTC"] = t => t.ToUniversalTime(),
        ["String"] = t => GoFormat.Default(t),
    };

    private static readonly Dictionary<string, Func<TimeSpan, object?, object?>> OfDurationWithArgument = new()
    {
        ["Truncate"] = (d, a) => a is TimeSpan { Ticks: > 0 } step ? new TimeSpan(d.Ticks - (d.Ticks % step.Ticks)) : a is TimeSpan ? d : null,
        ["Round"] = (d, a) => a is TimeSpan { Ticks: > 0 } step ? new TimeSpan(Rounded(d.Ticks, step.Ticks)) : a is TimeSpan ? d : null,
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
        ["Truncate"] = (t, a) => a is TimeSpan { Ticks: > 0 } d ? t.AddTicks(-(t.UtcTicks % d.Ticks)) : a is TimeSpan ? t : null,
        ["Round"] = (t, a) => a is TimeSpan { Ticks: > 0 } d ? t.AddTicks(Rounded(t.UtcTicks, d.Ticks) - t.UtcTicks) : a is TimeSpan ? t : null,
    };

    public static bool Exists(string name) => OfDuration.ContainsKey(name) || OfTime.ContainsKey(name) || OfTimeWithArgument.ContainsKey(name)
        || OfDurationWithArgument.ContainsKey(name) || name == "AddDate";

    /// <exception cref="ExpressionException">There is no such method, or it does not take such arguments.</exception>
    public static object? Call(object? target, string name, object?[] arguments, int position)
    {
        try
        {
            return (target, arguments.Length) switch
            {
                (TimeSpan duration, 0) when OfDuration.TryGetValue(name, out var method) => method(duration),
                (TimeSpan duration, 1) when OfDurationWithArgument.TryGetValue(name, out var method) => method(duration, arguments[0]) ?? throw Unknown(),
                (DayOfWeek or Month or TimeZoneInfo, 0) when name == "String" => GoFormat.Default(target),
                (DateTimeOffset time, 3) when name == "AddDate" && arguments is [long years, long months, long days] => AddDate(time, years, months, days),
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

    /// <summary>The multiple of a step that is nearest, away from zero when two are.</summary>
    private static long Rounded(long ticks, long step)
    {
        var rest = ticks % step;
        return ticks - rest + (Math.Abs(rest) * 2m < step ? 0 : Math.Sign(rest) * step);
    }

    /// <summary>Days that a month does not have are days of the next one.</summary>
    private static DateTimeOffset AddDate(DateTimeOffset time, long years, long months, long days)
    {
        var first = time.AddDays(1 - time.Day).AddMonths((int)Math.Clamp((years * 12m) + months, int.MinValue, int.MaxValue));
        return first.AddDays(time.Day - 1 + days);
    }
}
