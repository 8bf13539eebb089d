using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Validation;

namespace DaprRollouts.Core.Analysis.Composition;

/// <summary>Fills placeholders such as <c>{{args.name}}</c> in every text of a metric, names of members included. A value is never filled again.</summary>
public static class Placeholders
{
    private const string Open = "{{";
    private const string Close = "}}";
    private const string Arguments = "args.";

    /// <summary>The metric with its placeholders filled.</summary>
    /// <exception cref="InvalidAnalysisException">A placeholder names no argument, or does not end.</exception>
    public static Metric Fill(Metric metric, IReadOnlyDictionary<string, string> arguments)
    {
        var node = ModelJson.ToNode(metric);
        if (!node.ToJsonString(ModelJson.Options).Contains(Open, StringComparison.Ordinal))
        {
            return metric;
        }

        return Filled(node, tag => Argument(tag, arguments)).Deserialize<Metric>(ModelJson.Options)!;
    }

    /// <summary>The text with its placeholders filled, each by what the lookup says for its trimmed tag.</summary>
    /// <exception cref="InvalidAnalysisException">The lookup knows nothing of a tag, or a placeholder does not end.</exception>
    public static string Fill(string text, Func<string, string?> lookup)
    {
        var start = text.IndexOf(Open, StringComparison.Ordinal);
        if (start < 0)
        {
            return text;
        }

        var filled = new StringBuilder();
        var done = 0;
        for (; start >= 0; start = text.IndexOf(Open, done, StringComparison.Ordinal))
        {
            var end = text.IndexOf(Close, start + Open.Length, StringComparison.Ordinal);
            if (end < 0)
            {
                throw new InvalidAnalysisException($"the placeholder that starts at \"{Excerpt(text[start..])}\" has no end: }}}} is missing");
            }

            var tag = text[(start + Open.Length)..end];
            var value = lookup(tag.Trim()) ?? throw new InvalidAnalysisException($"failed to resolve {Open}{tag}{Close}");
            filled.Append(text, done, start - done).Append(value);
            done = end + Close.Length;
        }

        return filled.Append(text, done, text.Length - done).ToString();
    }

    private static string? Argument(string tag, IReadOnlyDictionary<string, string> arguments)
    {
        if (!tag.StartsWith(Arguments, StringComparison.Ordinal))
        {
            return null;
        }

        var name = tag[Arguments.Length..];
        if (!arguments.TryGetValue(name, out var value))
        {
            throw new InvalidAnalysisException($"failed to resolve {Open}{tag}{Close}{DidYouMean.Hint(name, [.. arguments.Keys])}");
        }

        return value.EnumerateRunes().Any(IsUnsupported)
            ? throw new InvalidAnalysisException($"the value of {Open}{tag}{Close} holds control characters")
            : value;
    }

    // What JSON has no short form for: controls, and what cannot be printed beyond the first plane.
    private static bool IsUnsupported(Rune rune) => rune.Value <= 0x7F
        ? Rune.IsControl(rune) && rune.Value is not ('\n' or '\t' or '\r' or '\b' or '\f')
        : !rune.IsBmp && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;

    private static JsonNode? Filled(JsonNode? node, Func<string, string?> lookup) => node switch
    {
        JsonObject members => Filled(members, lookup),
        JsonArray items => new JsonArray([.. items.Select(i => Filled(i, lookup))]),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => Fill(value.GetValue<string>(), lookup),
        _ => node?.DeepClone(),
    };

    // Names that become the same by what they are filled with are one: the last counts.
    private static JsonObject Filled(JsonObject members, Func<string, string?> lookup)
    {
        var filled = new JsonObject();
        foreach (var (name, value) in members)
        {
            filled[Fill(name, lookup)] = Filled(value, lookup);
        }

        return filled;
    }

    private static string Excerpt(string text) => text.Length <= 40 ? text : text[..40] + "...";
}
