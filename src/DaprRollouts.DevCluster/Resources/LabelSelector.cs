using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Api;
using DaprRollouts.DevCluster.Json;

namespace DaprRollouts.DevCluster.Resources;

/// <summary>Selects objects by their labels, as a query string or a selector in a spec says.</summary>
internal sealed class LabelSelector
{
    private static readonly Dictionary<string, string> NoLabels = [];

    private readonly List<Requirement> _requirements;

    private LabelSelector(List<Requirement> requirements) => _requirements = requirements;

    public static LabelSelector Everything { get; } = new([]);

    public bool IsEverything => _requirements.Count == 0;

    /// <summary>From a spec: {matchLabels, matchExpressions}.</summary>
    public static LabelSelector From(JsonNode? selector)
    {
        var requirements = Equalities(selector.Object("matchLabels"));
        foreach (var expression in selector.Objects("matchExpressions"))
        {
            var operation = expression.Text("operator") switch
            {
                "In" => Operation.In,
                "NotIn" => Operation.NotIn,
                "Exists" => Operation.Exists,
                "DoesNotExist" => Operation.DoesNotExist,
                var other => throw ApiFailure.BadRequest($"\"{other}\" is not a valid label selector operator"),
            };
            requirements.Add(new Requirement(expression.Text("key") ?? "", operation, [.. expression.Texts("values")]));
        }
        return new LabelSelector(requirements);
    }

    /// <summary>From the plain map of a Service.</summary>
    public static LabelSelector FromMap(JsonObject map) => new(Equalities(map));

    public static LabelSelector Parse(string? text) =>
        string.IsNullOrWhiteSpace(text) ? Everything : new LabelSelector([.. SplitTopLevel(text).Select(ParseRequirement)]);

    public static Dictionary<string, string> LabelsOf(JsonNode? item) =>
        item.Object("metadata", "labels")?.ToDictionary(l => l.Key, l => l.Value.AsText() ?? "") ?? NoLabels;

    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        foreach (var requirement in _requirements)
        {
            if (!requirement.Matches(labels))
            {
                return false;
            }
        }
        return true;
    }

    public override string ToString() => string.Join(',', _requirements.Select(r => r.ToString()));

    private static List<Requirement> Equalities(JsonObject? map) =>
        [.. (map ?? []).OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => new Requirement(l.Key, Operation.In, [l.Value.AsText() ?? ""]))];

    private static IEnumerable<string> SplitTopLevel(string text)
    {
        var start = 0;
        var depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (text[i] == ',' && depth == 0)
            {
                yield return text[start..i];
                start = i + 1;
            }
        }
        yield return text[start..];
    }

    private static Requirement ParseRequirement(string text)
    {
        text = text.Trim();
        if (text.Length == 0)
        {
            throw ApiFailure.BadRequest("unable to parse requirement: found '', expected: identifier");
        }
        var words = text.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var open = text.IndexOf('(');
        if (open > 0)
        {
            var head = text[..open].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var values = text[(open + 1)..].TrimEnd(')').Split(',', StringSplitOptions.TrimEntries);
            return head switch
            {
                [var key, "in"] => new Requirement(key, Operation.In, values),
                [var key, "notin"] => new Requirement(key, Operation.NotIn, values),
                _ => throw ApiFailure.BadRequest($"unable to parse requirement: {text}"),
            };
        }
        foreach (var (sign, operation) in (ReadOnlySpan<(string, Operation)>)[("!=", Operation.NotIn), ("==", Operation.In), ("=", Operation.In)])
        {
            var at = text.IndexOf(sign, StringComparison.Ordinal);
            if (at > 0)
            {
                return new Requirement(text[..at].Trim(), operation, [text[(at + sign.Length)..].Trim()]);
            }
        }
        if (words.Length > 1)
        {
            throw ApiFailure.BadRequest($"unable to parse requirement: found '{words[1]}', expected: in, notin, =, ==, !=, gt, lt");
        }
        return text[0] == '!' ? new Requirement(text[1..].Trim(), Operation.DoesNotExist, []) : new Requirement(text, Operation.Exists, []);
    }

    private enum Operation
    {
        In,
        NotIn,
        Exists,
        DoesNotExist,
    }

    private sealed record Requirement(string Key, Operation Operation, string[] Values)
    {
        public bool Matches(IReadOnlyDictionary<string, string> labels)
        {
            var has = labels.TryGetValue(Key, out var value);
            return Operation switch
            {
                Operation.In => has && Values.Contains(value),
                Operation.NotIn => !has || !Values.Contains(value),
                Operation.Exists => has,
                _ => !has,
            };
        }

        public override string ToString() => Operation switch
        {
            Operation.In when Values.Length == 1 => $"{Key}={Values[0]}",
            Operation.In => $"{Key} in ({string.Join(',', Values)})",
            Operation.NotIn when Values.Length == 1 => $"{Key}!={Values[0]}",
            Operation.NotIn => $"{Key} notin ({string.Join(',', Values)})",
            Operation.Exists => Key,
            _ => $"!{Key}",
        };
    }
}
