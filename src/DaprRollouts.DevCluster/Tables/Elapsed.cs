namespace DaprRollouts.DevCluster.Tables;

/// <summary>How long something took, in at most two units, as kubectl shows it: 45s, 4m10s, 3h12m, 2d.</summary>
internal static class Elapsed
{
    public static string Short(TimeSpan span)
    {
        var seconds = (long)span.TotalSeconds;
        if (seconds < 0)
        {
            return seconds >= -1 ? "0s" : "<invalid>";
        }
        return seconds switch
        {
            < 120 => $"{seconds}s",
            < 600 => Two(seconds / 60, 'm', seconds % 60, 's'),
            < 3 * 3600 => $"{seconds / 60}m",
            < 8 * 3600 => Two(seconds / 3600, 'h', seconds / 60 % 60, 'm'),
            < 48 * 3600 => $"{seconds / 3600}h",
            < 8 * 86400 => Two(seconds / 86400, 'd', seconds / 3600 % 24, 'h'),
            < 2 * 365 * 86400L => $"{seconds / 86400}d",
            _ => Two(seconds / (365 * 86400L), 'y', seconds / 86400 % 365, 'd'),
        };
    }

    private static string Two(long first, char firstUnit, long second, char secondUnit) =>
        second == 0 ? $"{first}{firstUnit}" : $"{first}{firstUnit}{second}{secondUnit}";
}
