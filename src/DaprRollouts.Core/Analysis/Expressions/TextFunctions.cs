using System.Text;
using System.Text.Json;

namespace DaprRollouts.Core.Analysis.Expressions;

/// <summary>Functions on texts, and what turns values into texts and back.</summary>
internal static class TextFunctions
{
    private static readonly ValueKind[] Text = [ValueKind.Text];
    private static readonly ValueKind[] Int = [ValueKind.Whole];
    private static readonly ValueKind[] List = [ValueKind.List];

    public static IReadOnlyList<Function> All { get; } =
    [
        new("string", 1, 1, i => i.New(GoFormat.Default(i[0]))) { Result = _ => StaticType.Text },
        new("type", 1, 1, i => TypeOf(i[0])) { Result = _ => StaticType.Text },
        Make("trim", 1, 2, i => i.Count == 1 ? i.Text(0).Trim() : i.Text(1).Length > 0 ? i.Text(0).Trim(i.Text(1).ToCharArray()) : i.Text(0)),
        Make("trimPrefix", 1, 2, i => i.Text(0) is var text && text.StartsWith(i.Text(1, " "), StringComparison.Ordinal) ? text[i.Text(1, " ").Length..] : i.Text(0)),
        Make("trimSuffix", 1, 2, i => i.Text(0) is var text && text.EndsWith(i.Text(1, " "), StringComparison.Ordinal) ? text[..^i.Text(1, " ").Length] : i.Text(0)),
        Make("upper", 1, 1, i => i.Text(0).ToUpperInvariant()),
        Make("lower", 1, 1, i => i.Text(0).ToLowerInvariant()),
        new("split", 2, 3, i => Split(i, keep: false)) { Takes = [Text, Text, Int], Result = _ => StaticType.ListOf(StaticType.Text) },
        new("splitAfter", 2, 3, i => Split(i, keep: true)) { Takes = [Text, Text, Int], Result = _ => StaticType.ListOf(StaticType.Text) },
        new("replace", 3, 4, Replace) { Takes = [Text, Text, Text, Int], Result = _ => StaticType.Text },
        new("repeat", 2, 2, Repeat) { Takes = [Text, Int], Result = _ => StaticType.Text },
        new("join", 1, 2, Join) { Takes = [List, Text], Result = _ => StaticType.Text },
        new("indexOf", 2, 2, i => (long)i.Text(0).IndexOf(i.Text(1), StringComparison.Ordinal)) { Takes = [Text], Result = _ => StaticType.Whole },
        new("lastIndexOf", 2, 2, i => (long)i.Text(0).LastIndexOf(i.Text(1), StringComparison.Ordinal)) { Takes = [Text], Result = _ => StaticType.Whole },
        new("hasPrefix", 2, 2, i => i.Text(0).StartsWith(i.Text(1), StringComparison.Ordinal)) { Takes = [Text], Result = _ => StaticType.Bool },
        new("hasSuffix", 2, 2, i => i.Text(0).EndsWith(i.Text(1), StringComparison.Ordinal)) { Takes = [Text], Result = _ => StaticType.Bool },
        new("toJSON", 1, 1, i => GoFormat.IndentedJson(i.New(GoFormat.Json(i[0])), n => i.Evaluator.Allocate(n, i.Node))) { Result = _ => StaticType.Text },
        new("fromJSON", 1, 1, FromJson) { Takes = [Text] },
        Make("toBase64", 1, 1, i => Convert.ToBase64String(Encoding.UTF8.GetBytes(i.Text(0)))),
        Make("fromBase64", 1, 1, FromBase64),
    ];

    private static Function Make(string name, int least, int most, Func<Invocation, string> make) =>
        new(name, least, most, i => i.New(make(i))) { Takes = [Text], Result = _ => StaticType.Text };

    private static string TypeOf(object? value) => value switch
    {
        null => "nil",
        bool => "bool",
        long or ulong => "int",
        double => "float",
        string => "string",
        DateTimeOffset => "time.Time",
        TimeSpan => "time.Duration",
        DayOfWeek => "time.Weekday",
        Month => "time.Month",
        TimeZoneInfo => "time.Location",
        IReadOnlyList<object?> => "array",
        _ => "map",
    };

    private static object?[] Split(Invocation i, bool keep)
    {
        var text = i.Text(0);
        var separator = i.Text(1);
        var limit = i.Count > 2 ? i.Integer(2) : -1;
        List<object?> parts = [];
        if (limit == 0 || text.Length + separator.Length == 0)
        {
            return [];
        }

        var start = 0;
        while (limit < 0 || parts.Count < limit - 1)
        {
            var end = separator.Length == 0
                ? (AfterCharacter(text, start) is var next && next < text.Length ? next : -1)
                : text.IndexOf(separator, start, StringComparison.Ordinal);
            if (end < 0)
            {
                break;
            }

            parts.Add(text[start..(keep ? end + separator.Length : end)]);
            start = end + separator.Length;
        }

        parts.Add(text[start..]);
        i.Evaluator.Allocate(text.Length, i.Node);
        return i.New(parts);
    }

    private static object? Replace(Invocation i)
    {
        var (text, old, with) = (i.Text(0), i.Text(1), i.Text(2));
        var left = i.Count > 3 ? i.Integer(3) : -1;
        var replaced = new StringBuilder();
        var start = 0;
        for (var found = 0; found != left; found++)
        {
            var at = old.Length > 0 ? text.IndexOf(old, start, StringComparison.Ordinal) : found == 0 ? 0 : AfterCharacter(text, start);
            if (at < 0)
            {
                break;
            }

            i.Evaluator.Allocate(at - start + with.Length, i.Node);
            replaced.Append(text, start, at - start).Append(with);
            start = at + old.Length;
        }

        return i.New(replaced.Append(text, start, text.Length - start).ToString());
    }

    private static int AfterCharacter(string text, int start) =>
        start == text.Length ? -1 : start + (char.IsSurrogatePair(text, start) ? 2 : 1);

    private static object? Repeat(Invocation i)
    {
        var (text, count) = (i.Text(0), i.Integer(1));
        if (count < 0)
        {
            throw i.Error($"invalid argument for repeat (expected positive integer, got {count})");
        }

        i.Evaluator.Allocate((long)Math.Min((decimal)text.Length * count, long.MaxValue / 2), i.Node);
        return string.Concat(Enumerable.Repeat(text, text.Length == 0 ? 0 : (int)count));
    }

    private static object? Join(Invocation i)
    {
        var separator = i.Text(1, "");
        var list = i.List(0);
        var texts = list.Select(item => item as string ?? throw i.Error($"join needs a list of strings (got {Values.TypeName(item)})")).ToList();
        i.Evaluator.Allocate(texts.Sum(t => (long)t.Length + separator.Length), i.Node);
        return string.Join(separator, texts);
    }

    private static object? FromJson(Invocation i)
    {
        try
        {
            i.Evaluator.Allocate(i.Text(0).Length, i.Node);
            return JsonValues.Parse(i.Text(0));
        }
        catch (JsonException e)
        {
            throw i.Error($"invalid JSON: {e.Message}");
        }
    }

    private static string FromBase64(Invocation i)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(i.Text(0)));
        }
        catch (FormatException)
        {
            throw i.Error("illegal base64 data");
        }
    }
}
