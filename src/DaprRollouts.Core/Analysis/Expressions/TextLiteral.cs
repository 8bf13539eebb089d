using System.Globalization;
using System.Text;

namespace DaprRollouts.Core.Analysis.Expressions;

/// <summary>Texts in quotes.</summary>
internal static class TextLiteral
{
    /// <summary>What a quoted text says.</summary>
    /// <exception cref="ExpressionException">It holds an unknown escape.</exception>
    public static string Decode(string quoted, int position)
    {
        var body = quoted[1..^1];
        if (quoted[0] == '`')
        {
            return body.Replace("``", "`");
        }

        if (!body.Contains('\\'))
        {
            return body;
        }

        var text = new StringBuilder();
        for (var i = 0; i < body.Length; i++)
        {
            if (body[i] != '\\')
            {
                text.Append(body[i]);
                continue;
            }

            i++;
            i += Escape(body, i, position, text);
        }

        return text.ToString();
    }

    /// <summary>Appends what an escape stands for; returns how many characters follow its letter.</summary>
    private static int Escape(string body, int at, int position, StringBuilder text)
    {
        var letter = body[at];
        if (letter is 'x' or 'X' or 'u' or 'U')
        {
            var digits = letter is 'x' or 'X' ? 2 : letter == 'u' ? 4 : 8;
            if (at + digits < body.Length
                && int.TryParse(body.AsSpan(at + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
                && Rune.IsValid(code))
            {
                text.Append(new Rune(code));
                return digits;
            }

            throw new ExpressionException("unable to read this escape sequence", position + 1 + at);
        }

        if (letter is >= '0' and <= '3')
        {
            if (at + 2 < body.Length && body[at + 1] is >= '0' and <= '7' && body[at + 2] is >= '0' and <= '7')
            {
                text.Append((char)(((letter - '0') * 64) + ((body[at + 1] - '0') * 8) + body[at + 2] - '0'));
                return 2;
            }

            throw new ExpressionException("unable to read this escape sequence", position + 1 + at);
        }

        text.Append(letter switch
        {
            'a' => '\a',
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\v',
            '\\' or '\'' or '"' or '`' or '?' => letter,
            _ => throw new ExpressionException($"unknown escape sequence \\{letter}", position + 1 + at),
        });
        return 0;
    }
}
