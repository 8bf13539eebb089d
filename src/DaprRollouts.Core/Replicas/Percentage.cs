using System.Globalization;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Replicas;

/// <summary>Resolves counts that may be given as a percentage of the desired pods.</summary>
public static class Percentage
{
    private static readonly IntOrString Default = "25%";

    /// <summary>
    /// How many pods may exist above, and how many may be missing below, the desired count. A string is always a percentage; surge rounds
    /// up, unavailable rounds down. If both come to zero, one pod may be unavailable, as nothing could ever change otherwise.
    /// </summary>
    public static (int Surge, int Unavailable) SurgeAndUnavailable(IntOrString? maxSurge, IntOrString? maxUnavailable, int replicas)
    {
        var surge = Of(maxSurge ?? Default, replicas, Math.Ceiling);
        var unavailable = Of(maxUnavailable ?? Default, replicas, Math.Floor);
        if (surge == 0 && unavailable == 0)
        {
            unavailable = 1;
        }

        return (surge, Math.Min(unavailable, replicas));
    }

    private static int Of(IntOrString value, int replicas, Func<decimal, decimal> round)
    {
        if (value.Number is { } number)
        {
            return number;
        }

        var digits = value.ToString().TrimEnd('%');
        return int.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var percent)
            ? (int)round(percent * (decimal)replicas / 100)
            : 0;
    }
}
