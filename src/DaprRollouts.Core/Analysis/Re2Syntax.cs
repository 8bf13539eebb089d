using System.Text;
using System.Text.RegularExpressions;

namespace DaprRollouts.Core.Analysis;

/// <summary>Writes patterns of RE2 as .NET reads them: what only RE2 knows, and what both know but mean differently.</summary>
internal static class Re2Syntax
{
    private const string Digits = "0-9";
    private const string Words = "0-9A-Za-z_";
    private const string Blanks = @"\t\n\f\r ";

    private static readonly Dictionary<string, string> Named = new()
    {
        ["alnum"] = "0-9A-Za-z",
        ["alpha"] = "A-Za-z",
        ["ascii"] = @"\x00-\x7F",
        ["blank"] = @"\t ",
        ["cntrl"] = @"\x00-\x1F\x7F",
        ["digit"] = Digits,
        ["graph"] = "!-~",
        ["lower"] = "a-z",
        ["print"] = " -~",
        ["punct"] = @"!-/:-@\[-`{-~",
        ["space"] = @"\t\n\v\f\r ",
        ["upper"] = "A-Z",
        ["word"] = Words,
        ["xdigit"] = "0-9A-Fa-f",
    };

    /// <summary>The same pattern for .NET.</summary>
    public static string ToNet(string pattern)
    {
        var net = new StringBuilder();
        var isMultiline = Regex.IsMatch(pattern, @"\(\?[a-zA-Z]*m", RegexOptions.NonBacktracking);
        var inSet = false;
        for (var i = 0; i < pattern.Length;)
        {
            var (text, length) = pattern[i] switch
            {
                '\\' when i + 1 < pattern.Length => Escape(pattern, i, inSet),
                '[' when !inSet => SetStart(pattern[i..]),
                '[' => NamedSet(pattern[i..]) ?? (@"\[", 1),
                '$' when !inSet && !isMultiline => (@"\z", 1), // the end, and not what comes before a last line break
                '(' when !inSet && pattern.AsSpan(i).StartsWith("(?P<") => ("(?<", 4),
                var other => (other.ToString(), 1),
            };
            inSet = inSet ? pattern[i] != ']' : pattern[i] == '[';
            net.Append(text);
            i += length;
        }

        return net.ToString();
    }

    private static (string Text, int Length) Escape(string pattern, int at, bool inSet)
    {
        var letter = pattern[at + 1];
        switch (letter)
        {
            case 'Q' when !inSet:
                var end = pattern.IndexOf(@"\E", at, StringComparison.Ordinal);
                var quoted = end < 0 ? pattern[(at + 2)..] : pattern[(at + 2)..end];
                return (Regex.Escape(quoted), quoted.Length + (end < 0 ? 2 : 4));
            case 'p' or 'P' when at + 2 < pattern.Length && pattern[at + 2] != '{':
                return ($@"\{letter}{{{pattern[at + 2]}}}", 3);
            case 'd' or 'w' or 's':
                return (inSet ? Members(letter) : $"[{Members(letter)}]", 2);
            case 'D' or 'W' or 'S':
                var members = Members(char.ToLowerInvariant(letter));
                return (inSet ? AllBut(members) : $"[^{members}]", 2);
            default:
                return (pattern.Substring(at, 2), 2);
        }
    }

    // A bracket that stands first is a member.
    private static (string Text, int Length) SetStart(string rest)
    {
        var start = rest.StartsWith("[^", StringComparison.Ordinal) ? "[^" : "[";
        return rest.AsSpan(start.Length).StartsWith("]") ? ($@"{start}\]", start.Length + 1) : (start, start.Length);
    }

    private static (string Text, int Length)? NamedSet(string rest) =>
        rest.StartsWith("[:", StringComparison.Ordinal) && rest.IndexOf(":]", StringComparison.Ordinal) is > 1 and var end
        && Named.TryGetValue(rest[2..end].TrimStart('^'), out var members)
            ? (rest[2] == '^' ? AllBut(members) : members, end + 2)
            : null;

    // All named sets are of ASCII.
    private static string AllBut(string members) =>
        string.Concat(Enumerable.Range(0, 128).Where(c => !Regex.IsMatch(((char)c).ToString(), $"[{members}]")).Select(c => $@"\u{c:x4}")) + @"\u0080-\uffff";

    private static string Members(char letter) => letter switch { 'd' => Digits, 'w' => Words, _ => Blanks };
}
