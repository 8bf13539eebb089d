using Parlot;
using Parlot.Fluent;

namespace DaprRollouts.Core.Analysis.Expressions;

/// <summary>Splits an expression into tokens.</summary>
internal static class Tokens
{
    private static readonly HashSet<string> WordOperators =
        ["not", "in", "or", "and", "matches", "contains", "startsWith", "endsWith", "let", "if", "else"];

    private static readonly string[] Symbols =
    [
        "&&", "||", "==", "!=", "<=", ">=", "**", "??", "?.", "..",
        "!", "<", ">", "=", "+", "-", "*", "/", "%", "^", "?", ":", ",", ";", ".", "|", "#",
    ];

    private static readonly Parser<TextSpan> Blank = OneOf(
        Literals.WhiteSpace(includeNewLines: true), Literals.Comments("//"), Literals.Scan(ScanBlockComment, "/"));

    private static readonly Parser<Found> Word = Literals.Identifier(IsWordStart, IsWordPart).Then(word =>
        new Found(WordOperators.Contains(word.ToString()!) ? TokenKind.Operator : TokenKind.Identifier, word.ToString()!));

    private static readonly Parser<Found> Number = Literals.Scan(ScanNumber, "0123456789.").Then(text => new Found(TokenKind.Number, text.ToString()!));

    private static readonly Parser<Found> Quoted = Literals.Scan(ScanQuoted, "\"'`").Then(text => new Found(TokenKind.Text, text.ToString()!));

    private static readonly Parser<Found> Bracket = Literals.AnyOf("()[]{}", 1, 1).Then(text => new Found(TokenKind.Bracket, text.ToString()!));

    private static readonly Parser<Found> Symbol = OneOf([.. Symbols.Select(s => Literals.Text(s))]).Then(text => new Found(TokenKind.Operator, text));

    private static readonly Parser<Found> Any = OneOf(Word, Number, Quoted, Bracket, Symbol);

    /// <exception cref="ExpressionException">A character or a text belongs to no token.</exception>
    public static List<Token> Of(string source)
    {
        List<Token> tokens = [];
        var context = new ParseContext(new Scanner(source));
        for (; ; )
        {
            SkipBlanks(context);
            var position = context.Scanner.Cursor.Offset;
            if (context.Scanner.Cursor.Eof)
            {
                tokens.Add(new Token(TokenKind.End, "", position));
                return tokens;
            }

            var result = new ParseResult<Found>();
            if (!Any.Parse(context, ref result))
            {
                throw new ExpressionException(Unreadable(source, position), position);
            }

            var (kind, text) = result.Value;
            tokens.Add(new Token(kind, kind == TokenKind.Text ? TextLiteral.Decode(text, position) : text, position));
        }
    }

    private static void SkipBlanks(ParseContext context)
    {
        var result = new ParseResult<TextSpan>();
        while (!context.Scanner.Cursor.Eof && Blank.Parse(context, ref result))
        {
        }
    }

    private static string Unreadable(string source, int position) => source[position] switch
    {
        '"' or '\'' or '`' => "this text is not closed",
        '&' => "unexpected \"&\": \"and\" is written && or and",
        var other => $"unrecognized character: {other}",
    };

    private static int ScanBlockComment(ReadOnlySpan<char> text)
    {
        var end = text.StartsWith("/*") ? text[2..].IndexOf("*/") : -1;
        return end < 0 ? 0 : end + 4;
    }

    private static int ScanNumber(ReadOnlySpan<char> text)
    {
        var length = text.Length > 1 && text[0] == '0' && "xXoObB".Contains(text[1])
            ? 2 + Digits(text[2..], "0123456789abcdefABCDEF_")
            : ScanDecimal(text);
        return length;
    }

    private static int ScanDecimal(ReadOnlySpan<char> text)
    {
        var length = Digits(text, "0123456789_");
        if (length < text.Length && text[length] == '.' && (length + 1 >= text.Length || text[length + 1] != '.'))
        {
            var fraction = Digits(text[(length + 1)..], "0123456789_");
            if (length == 0 && fraction == 0)
            {
                return 0; // a lone point is an operator
            }

            length += 1 + fraction;
        }

        if (length > 0 && length < text.Length && text[length] is 'e' or 'E')
        {
            var sign = length + 1 < text.Length && text[length + 1] is '+' or '-' ? 1 : 0;
            length += 1 + sign + Digits(text[Math.Min(text.Length, length + 1 + sign)..], "0123456789_");
        }

        return length;
    }

    private static int Digits(ReadOnlySpan<char> text, string digits)
    {
        var length = text.IndexOfAnyExcept(digits);
        return length < 0 ? text.Length : length;
    }

    private static int ScanQuoted(ReadOnlySpan<char> text)
    {
        var quote = text[0];
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == quote)
            {
                if (quote == '`' && i + 1 < text.Length && text[i + 1] == '`')
                {
                    i++; // a doubled backtick stands for one
                    continue;
                }

                return i + 1;
            }

            if (quote != '`')
            {
                if (text[i] == '\n')
                {
                    return 0;
                }

                i += text[i] == '\\' ? 1 : 0;
            }
        }

        return 0;
    }

    private static bool IsWordStart(char c) => c is '_' or '$' || char.IsLetter(c);

    private static bool IsWordPart(char c) => IsWordStart(c) || char.IsDigit(c);

    private readonly record struct Found(TokenKind Kind, string Text);
}
