using System.Globalization;
using System.Text.RegularExpressions;

namespace DaprRollouts.Core.Analysis.Expressions;

/// <summary>Reads numbers as Go does: decimal or hexadecimal, <c>Inf</c> and <c>NaN</c>, no blanks around.</summary>
public static partial class GoFloat
{
    [GeneratedRegex("(?<=[0-9])_(?=[0-9])")]
    private static partial Regex BetweenDigits { get; }

    public static bool TryParse(string text, out double number)
    {
        text = BetweenDigits.Replace(text, "");
        var digits = text.AsSpan().TrimStart("+-");
        var sign = text.StartsWith('-') ? -1 : 1;
        number = 0;
        if (text.Length - digits.Length > 1)
        {
            return false;
        }

        if (digits.Equals("inf", StringComparison.OrdinalIgnoreCase) || digits.Equals("infinity", StringComparison.OrdinalIgnoreCase))
        {
            number = sign * double.PositiveInfinity;
            return true;
        }

        if (digits.Equals("nan", StringComparison.OrdinalIgnoreCase))
        {
            number = double.NaN;
            return true;
        }

        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            var read = TryParseHexadecimal(digits[2..], out number);
            number *= sign;
            return read;
        }

        return digits.Length > 0 && digits[0] is (>= '0' and <= '9') or '.'
            && double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out number)
            && double.IsFinite(number);
    }

    private static bool TryParseHexadecimal(ReadOnlySpan<char> text, out double number)
    {
        number = 0;
        var mark = text.IndexOfAny('p', 'P');
        if (mark <= 0 || !int.TryParse(text[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent))
        {
            return false; // the exponent is not optional
        }

        var mantissa = text[..mark];
        var point = mantissa.IndexOf('.');
        var fraction = point < 0 ? 0 : mantissa.Length - point - 1;
        foreach (var c in mantissa)
        {
            if (c != '.')
            {
                if (!char.IsAsciiHexDigit(c))
                {
                    return false;
                }

                number = (number * 16) + int.Parse([c], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            }
        }

        number *= Math.Pow(2, exponent - (4 * fraction));
        return double.IsFinite(number);
    }
}
