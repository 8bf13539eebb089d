namespace DaprRollouts.Cli.Linting;

/// <summary>Finds brackets of a query that are not closed; a query language is not known here beyond that and its quotes.</summary>
internal static class QueryBrackets
{
    private static readonly Dictionary<char, char> Pairs = new() { [')'] = '(', [']'] = '[', ['}'] = '{' };

    /// <summary>What is wrong, with the line of the query and a caret below the place; null if nothing is.</summary>
    public static string? Problem(string query)
    {
        Stack<(char Bracket, int At)> open = new();
        for (var i = 0; i < query.Length; i++)
        {
            var c = query[i];
            if (c is '"' or '\'' or '`')
            {
                var end = EndOfText(query, i);
                if (end < 0)
                {
                    return Shown(query, i, $"the text that starts with {c} does not end");
                }

                i = end;
            }
            else if (c == '#')
            {
                i = query.IndexOf('\n', i) is >= 0 and var line ? line : query.Length;
            }
            else if (c is '(' or '{' || (c == '[' && !open.Any(o => o.Bracket == '{')))
            {
                open.Push((c, i));
            }
            else if (c == '[')
            {
                return Shown(query, open.First(o => o.Bracket == '{').At, "this { is not closed: a } is missing before [");
            }
            else if (Pairs.TryGetValue(c, out var opening) && (open.Count == 0 || open.Pop().Bracket != opening))
            {
                return Shown(query, i, $"this {c} closes nothing");
            }
        }

        return open.TryPeek(out var last) ? Shown(query, last.At, $"this {last.Bracket} is not closed") : null;
    }

    private static int EndOfText(string query, int start)
    {
        for (var i = start + 1; i < query.Length; i++)
        {
            if (query[i] == '\\' && query[start] != '`')
            {
                i++;
            }
            else if (query[i] == query[start])
            {
                return i;
            }
        }

        return -1;
    }

    private static string Shown(string query, int at, string problem)
    {
        var start = at == 0 ? 0 : query.LastIndexOf('\n', at - 1) + 1;
        var end = query.IndexOf('\n', at) is >= 0 and var found ? found : query.Length;
        return $"{problem}\n | {query[start..end]}\n | {new string('.', at - start)}^";
    }
}
