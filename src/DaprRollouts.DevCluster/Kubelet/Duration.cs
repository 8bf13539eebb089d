using System.Globalization;

namespace DaprRollouts.DevCluster.Kubelet;

/// <summary>Reads durations as `sleep` and the kit's annotations take them: 3, 1.5s, 200ms, 2m, infinity.</summary>
internal static class Duration
{
    public static TimeSpan? Parse(string text)
    {
        if (text == "infinity")
        {
            return Timeout.InfiniteTimeSpan;
        }
        var end = text.Length;
        while (end > 0 && !char.IsAsciiDigit(text[end - 1]))
        {
            end--;
        }
        double? unit = text[end..] switch { "" or "s" => 1, "ms" => 0.001, "m" => 60, "h" => 3600, "d" => 86400, _ => null };
        return unit is { } factor && double.TryParse(text[..end], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? TimeSpan.FromSeconds(number * factor)
            : null;
    }
}
