using System.Globalization;

namespace DaprRollouts.Core.Model;

/// <summary>Durations as Go writes them: an optional sign, then one or more numbers each with a unit (<c>1h30m</c>, <c>1.5s</c>).</summary>
public static class GoDuration
{
    /// <summary>Reads a duration; <c>0</c> may stand without a unit. False if the text is not one, or does not fit.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        var rest = text.AsSpan();
        var negative = rest[0] == '-';
        if (rest[0] is '-' or '+')
        {
            rest = rest[1..];
        }

        if (rest is "0")
        {
            return true;
        }

        if (rest.IsEmpty || !TrySum(rest, out var ticks))
        {
            return false;
        }

        duration = TimeSpan.FromTicks(negative ? -ticks : ticks);
        return true;
    }

    private static bool TrySum(ReadOnlySpan<char> rest, out long ticks)
    {
        ticks = 0;
        var total = 0m;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept("0123456789.");
            if (digits <= 0
                || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }

            rest = rest[digits..];
            var length = rest.IndexOfAny("0123456789.");
            var unit = UnitTicks(length < 0 ? rest : rest[..length]);
            if (unit is null || number > 10_000_000_000m)
            {
                return false;
            }

            total += number * unit.Value;
            rest = length < 0 ? [] : rest[length..];
        }

        if (total > 92_233_720_368_547_758m)
        {
            return false; // more than Go's 64 bits of nanoseconds can hold
        }

        ticks = (long)total;
        return true;
    }

    private static decimal? UnitTicks(ReadOnlySpan<char> unit) => unit switch
    {
        "ns" => 0.01m,
        "us" or "µs" or "μs" => TimeSpan.TicksPerMicrosecond,
        "ms" => TimeSpan.TicksPerMillisecond,
        "s" => TimeSpan.TicksPerSecond,
        "m" => TimeSpan.TicksPerMinute,
        "h" => TimeSpan.TicksPerHour,
        _ => null,
    };
}
