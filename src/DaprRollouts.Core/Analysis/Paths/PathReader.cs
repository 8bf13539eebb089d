using System.Globalization;
using System.Text;

namespace DaprRollouts.Core.Analysis.Paths;

/// <summary>Reads templates.</summary>
internal sealed class PathReader(string template)
{
    private const int MaxLength = 4_000;
    private const int MaxDepth = 20;

    private int _at;

    /// <exception cref="JsonPathException">The template cannot be read.</exception>
    public IReadOnlyList<PathPart> Read()
    {
        if (template.Length > MaxLength)
        {
            throw new JsonPathException($"the path has more than {MaxLength} characters");
        }

        return Parts(inRange: false, 0);
    }

    private List<PathPart> Parts(bool inRange, int depth)
    {
        List<PathPart> parts = [];
        while (_at < template.Length)
        {
            if (template[_at] != '{')
            {
                var open = template.IndexOf('{', _at);
                var text = open < 0 ? template[_at..] : template[_at..open];
                _at += text.Length;
                parts.Add(new LiteralPart(text));
                continue;
            }

            var inner = Braces();
            if (inner == "end")
            {
                return inRange ? parts : throw new JsonPathException("{end} without {range}");
            }

            parts.Add(inner.StartsWith("range ", StringComparison.Ordinal)
                ? depth < MaxDepth ? new RangePart(Steps(inner[6..]), Parts(inRange: true, depth + 1)) : throw new JsonPathException("too many ranges in each other")
                : Steps(inner));
        }

        return inRange ? throw new JsonPathException("{range} without {end}") : parts;
    }

    /// <summary>What stands between a brace and the one that closes it.</summary>
    private string Braces()
    {
        char? quote = null;
        for (var i = _at + 1; i < template.Length; i++)
        {
            var c = template[i];
            if (c == '\\')
            {
                i++;
            }
            else if (quote is not null)
            {
                quote = c == quote ? null : quote;
            }
            else if (c is '"' or '\'')
            {
                quote = c;
            }
            else if (c == '}')
            {
                var inner = template[(_at + 1)..i].Trim();
                _at = i + 1;
                return inner;
            }
        }

        throw new JsonPathException("unclosed action: } is missing");
    }

    private static StepsPart Steps(string path)
    {
        List<PathPart> steps = [];
        for (var at = 0; at < path.Length;)
        {
            steps.Add(Step(path, ref at));
        }

        return new StepsPart([.. steps.OfType<PathPart>()]);
    }

    private static PathPart Step(string path, ref int at)
    {
        switch (path[at])
        {
            case '$' or '@' or ' ' or '\t':
                at++;
                return new StepsPart([]);
            case '"' or '\'':
                return new LiteralPart(Quoted(path, ref at));
            case '[':
                return Bracket(path, ref at);
            case '.':
                at++;
                return AfterPoint(path, ref at);
            case '*':
                at++;
                return new WildcardPart();
            default:
                return at == 0 ? Named(path, ref at) : throw new JsonPathException($"unexpected \"{path[at]}\" in \"{path}\"");
        }
    }

    private static PathPart AfterPoint(string path, ref int at)
    {
        if (at >= path.Length || path[at] is '[' or ' ')
        {
            return new StepsPart([]);
        }

        if (path[at] == '.')
        {
            at++;
            return at < path.Length && path[at] is not ('[' or '.')
                ? new StepsPart([new RecursivePart(), path[at] == '*' ? Star(ref at) : Named(path, ref at)])
                : new RecursivePart();
        }

        return path[at] == '*' ? Star(ref at) : Named(path, ref at);
    }

    private static WildcardPart Star(ref int at)
    {
        at++;
        return new WildcardPart();
    }

    private static FieldPart Named(string path, ref int at)
    {
        var name = new StringBuilder();
        for (; at < path.Length && !".[]{}() \t\"'=!<>,".Contains(path[at]); at++)
        {
            if (path[at] == '\\' && at + 1 < path.Length)
            {
                at++;
            }

            name.Append(path[at]);
        }

        return name.Length > 0 ? new FieldPart(name.ToString()) : throw new JsonPathException($"a name is missing in \"{path}\"");
    }

    private static PathPart Bracket(string path, ref int at)
    {
        var end = ClosingBracket(path, at);
        var inner = path[(at + 1)..end].Trim();
        at = end + 1;
        if (inner.StartsWith("?(", StringComparison.Ordinal) && inner.EndsWith(')'))
        {
            return Filter(inner[2..^1].Trim());
        }

        var items = SplitOutsideQuotes(inner, ',');
        return items.Count == 1 ? Item(items[0].Trim()) : new UnionPart([.. items.Select(i => Item(i.Trim()))]);
    }

    private static PathPart Item(string item)
    {
        if (item == "*")
        {
            return new IndexPart(null, null, 1, single: false);
        }

        if (item.Length >= 2 && item[0] == '\'' && item[^1] == '\'')
        {
            var at = 0;
            return new FieldPart(Quoted(item, ref at));
        }

        if (item.StartsWith('.') || item.StartsWith('$') || item.StartsWith('@'))
        {
            return Steps(item);
        }

        var bounds = item.Split(':');
        if (bounds.Length > 3 || bounds.Any(b => b.Trim().Length > 0 && !int.TryParse(b, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out _)))
        {
            throw new JsonPathException($"invalid array index {item}");
        }

        var numbers = bounds.Select(b => b.Trim().Length == 0 ? (int?)null : int.Parse(b, CultureInfo.InvariantCulture)).ToList();
        var step = numbers.Count > 2 ? numbers[2] ?? 1 : 1;
        return step > 0
            ? new IndexPart(numbers[0], numbers.Count > 1 ? numbers[1] : null, step, numbers.Count == 1 && numbers[0] is not null)
            : throw new JsonPathException("step must be > 0");
    }

    private static FilterPart Filter(string condition)
    {
        foreach (var op in (string[])["==", "!=", "<=", ">=", "<", ">"])
        {
            var at = IndexOutsideQuotes(condition, op);
            if (at >= 0)
            {
                return new FilterPart(Operand(condition[..at].Trim()), op, Operand(condition[(at + op.Length)..].Trim()));
            }
        }

        return new FilterPart(Operand(condition), "exists", null);
    }

    private static PathPart Operand(string text)
    {
        if (text.Length >= 2 && text[0] is '"' or '\'')
        {
            var at = 0;
            return new LiteralPart(Quoted(text, ref at));
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return new LiteralPart(whole);
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return new LiteralPart(number);
        }

        return text is "true" or "false" ? new LiteralPart(text == "true")
            : text.Length > 0 ? Steps(text)
            : throw new JsonPathException("a side of a comparison is missing");
    }

    private static string Quoted(string path, ref int at)
    {
        var quote = path[at];
        var text = new StringBuilder();
        for (at++; at < path.Length; at++)
        {
            if (path[at] == quote)
            {
                at++;
                return text.ToString();
            }

            if (path[at] == '\\' && at + 1 < path.Length)
            {
                at++;
            }

            text.Append(path[at]);
        }

        throw new JsonPathException("unterminated quoted string");
    }

    private static int ClosingBracket(string path, int open)
    {
        var depth = 0;
        char? quote = null;
        for (var i = open; i < path.Length; i++)
        {
            var c = path[i];
            if (quote is not null)
            {
                quote = c == quote ? null : quote;
            }
            else if (c is '"' or '\'')
            {
                quote = c;
            }
            else if (c == '[')
            {
                depth++;
            }
            else if (c == ']' && --depth == 0)
            {
                return i;
            }
        }

        throw new JsonPathException("unterminated array: ] is missing");
    }

    private static int IndexOutsideQuotes(string text, string what)
    {
        char? quote = null;
        for (var i = 0; i < text.Length; i++)
        {
            if (quote is null && text.AsSpan(i).StartsWith(what, StringComparison.Ordinal))
            {
                return i;
            }

            quote = quote is null ? text[i] is '"' or '\'' ? text[i] : null : text[i] == quote ? null : quote;
        }

        return -1;
    }

    private static List<string> SplitOutsideQuotes(string text, char separator)
    {
        List<string> pieces = [];
        for (var rest = text; ;)
        {
            var at = IndexOutsideQuotes(rest, separator.ToString());
            if (at < 0)
            {
                pieces.Add(rest);
                return pieces;
            }

            pieces.Add(rest[..at]);
            rest = rest[(at + 1)..];
        }
    }
}
