using System.Globalization;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Steps;

/// <summary>How long a pause step lasts: seconds, or a duration such as <c>1h30m</c>, cut to whole seconds.</summary>
public static class PauseDuration
{
    /// <summary>The duration in seconds; null for a pause without end, -1 for a text that is no duration.</summary>
    public static int? Seconds(PauseStep pause)
    {
        if (pause.Duration is not { } duration)
        {
            return null;
        }

        if (duration.Number is { } number)
        {
            return number;
        }

        var text = duration.ToString();
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds))
        {
            return seconds;
        }

        if (!GoDuration.TryParse(text, out var span) || Math.Abs(span.TotalSeconds) > int.MaxValue)
        {
            return -1;
        }

        return span < TimeSpan.Zero ? Math.Min(-1, (int)span.TotalSeconds) : (int)span.TotalSeconds;
    }

    /// <summary>When a pause that has started ends by itself; null if never.</summary>
    public static DateTimeOffset? End(PauseStep pause, RolloutStatus status)
    {
        var start = status.PauseConditions?.FirstOrDefault(p => p.Reason == PauseReason.CanaryPauseStep)?.StartTime;
        return start is { } since && Seconds(pause) is >= 0 and var seconds ? since.AddSeconds(seconds) : null;
    }
}
