using System.Globalization;

namespace DaprRollouts.Core.Analysis.Expressions;

/// <summary>Numbers as they are written.</summary>
internal static class NumberLiteral
{
    /// <summary>A long or a double.</summary>
    /// <exception cref="ExpressionException">It is not a number, or too large.</exception>
    public static object Parse(Token token)
    {
        var text = token.Value.Replace("_", "");
        if (text.Length > 1 && text[0] == '0' && char.IsLetter(text[1]) && text[1] is not ('e' or 'E'))
        {
            return Integer(text[2..], char.ToLowerInvariant(text[1]) switch { 'x' => 16, 'o' => 8, _ => 2 }, token);
        }

        if (text.AsSpan().IndexOfAny(".eE") < 0)
        {
            return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole) ? whole : throw TooLarge(token);
        }

        return double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number)
            ? number
            : throw Bad(token);
    }

    private static long Integer(string digits, int radix, Token token)
    {
        long value = 0;
        foreach (var digit in digits)
        {
            var worth = char.IsAsciiHexDigit(digit) ? Convert.ToInt32(digit.ToString(), 16) : radix;
            if (worth >= radix)
            {
                throw Bad(token);
            }

            if (value > (long.MaxValue - worth) / radix)
            {
                throw TooLarge(token);
            }

            value = (value * radix) + worth;
        }

        return digits.Length == 0 ? throw Bad(token) : value;
    }

    private static ExpressionException TooLarge(Token token) => new("integer literal is too large", token.Position);

    private static ExpressionException Bad(Token token) => new($"bad number syntax: \"{token.Value}\"", token.Position);
}
