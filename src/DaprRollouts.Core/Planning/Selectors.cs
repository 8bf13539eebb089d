using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Planning;

/// <summary>Label selectors as text and as a test.</summary>
public static class Selectors
{
    /// <summary>The selector as the API takes it in a query, by the names of the labels: <c>app=web,tier in (a,b)</c>.</summary>
    /// <param name="selector">The selector.</param>
    /// <param name="hash">The revision whose pods alone are selected; null for all.</param>
    public static string Format(LabelSelector? selector, string? hash = null)
    {
        var parts = (selector?.MatchLabels ?? new Dictionary<string, string>()).Select(l => (l.Key, Text: $"{l.Key}={l.Value}"))
            .Concat((selector?.MatchExpressions ?? []).Select(e => (Key: e.Key ?? "", Text: Format(e))));
        return string.Join(
            ',',
            (hash is null ? parts : parts.Append((Key: ArgoNames.PodTemplateHash, Text: $"{ArgoNames.PodTemplateHash}={hash}")))
                .OrderBy(p => p.Key, StringComparer.Ordinal)
                .Select(p => p.Text));
    }

    /// <summary>Whether labels fit a selector. An empty selector fits everything.</summary>
    public static bool Match(LabelSelector selector, IReadOnlyDictionary<string, string> labels) =>
        (selector.MatchLabels ?? new Dictionary<string, string>()).All(l => labels.GetValueOrDefault(l.Key) == l.Value)
        && (selector.MatchExpressions ?? []).All(e => Matches(e, labels));

    private static string Format(LabelSelectorRequirement e) => e.Operator switch
    {
        "Exists" => e.Key ?? "",
        "DoesNotExist" => $"!{e.Key}",
        "NotIn" => $"{e.Key} notin ({string.Join(',', (e.Values ?? []).Order(StringComparer.Ordinal))})",
        _ => $"{e.Key} in ({string.Join(',', (e.Values ?? []).Order(StringComparer.Ordinal))})",
    };

    private static bool Matches(LabelSelectorRequirement e, IReadOnlyDictionary<string, string> labels)
    {
        var has = labels.TryGetValue(e.Key ?? "", out var value);
        return e.Operator switch
        {
            "In" => has && e.Values?.Contains(value!) == true,
            "NotIn" => !has || e.Values?.Contains(value!) != true,
            "Exists" => has,
            "DoesNotExist" => !has,
            _ => false,
        };
    }
}
