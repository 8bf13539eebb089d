using System.Globalization;
using System.Text.RegularExpressions;

namespace DaprRollouts.DevCluster.Resources;

/// <summary>Writes resource quantities in the one form that the API server stores: 0.5 is 500m, 1024Mi is 1Gi.</summary>
internal static partial class Quantity
{
    private static readonly string[] DecimalUnits = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
    private static readonly string[] BinaryUnits = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

    /// <summary>The canonical text; null if it is no quantity.</summary>
    public static string? Canonical(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success || !decimal.TryParse(match.Groups[1].Value, NumberStyles.Number, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }
        var unit = match.Groups[2].Value;
        if (Array.IndexOf(BinaryUnits, unit) is > 0 and var binary)
        {
            var bytes = Math.Ceiling(number * (decimal)Math.Pow(1024, binary));
            return Math.Abs(bytes) < 1024 ? InDecimal(bytes) : InBinary(bytes);
        }
        if (unit.Length > 1)
        {
            return text; // An exponent, as in 1e3, stays as it is written.
        }
        return InDecimal(number * Power(10, 3 * (Array.IndexOf(DecimalUnits, unit) - 3)));
    }

    /// <summary>The number that a canonical text stands for.</summary>
    public static decimal Value(string text)
    {
        var match = Pattern().Match(text);
        var number = decimal.Parse(match.Groups[1].Value, NumberStyles.Number, CultureInfo.InvariantCulture);
        var unit = match.Groups[2].Value;
        return Array.IndexOf(BinaryUnits, unit) is > 0 and var binary
            ? number * (decimal)Math.Pow(1024, binary)
            : number * Power(10, unit.Length > 1 ? int.Parse(unit[1..]) : 3 * (Array.IndexOf(DecimalUnits, unit) - 3));
    }

    private static string InBinary(decimal bytes)
    {
        var unit = 0;
        while (unit < BinaryUnits.Length - 1 && bytes % 1024 == 0)
        {
            bytes /= 1024;
            unit++;
        }
        return Plain(bytes) + BinaryUnits[unit];
    }

    private static string InDecimal(decimal number)
    {
        if (number == 0)
        {
            return "0";
        }
        var unit = 3;
        while (unit > 0 && number != Math.Truncate(number))
        {
            number *= 1000;
            unit--;
        }
        while (unit < DecimalUnits.Length - 1 && number % 1000 == 0)
        {
            number /= 1000;
            unit++;
        }
        return Plain(Math.Ceiling(number)) + DecimalUnits[unit];
    }

    private static decimal Power(decimal number, int exponent)
    {
        var result = 1m;
        for (var i = 0; i < Math.Abs(exponent); i++)
        {
            result *= number;
        }
        return exponent < 0 ? 1 / result : result;
    }

    private static string Plain(decimal number) => number.ToString("0", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^([+-]?(?:\d+\.?\d*|\.\d+))([numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)?$")]
    private static partial Regex Pattern();
}
