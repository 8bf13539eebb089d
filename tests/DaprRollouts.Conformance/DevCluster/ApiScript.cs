using System.Text.RegularExpressions;
using YamlDotNet.Serialization;

namespace DaprRollouts.Conformance.DevCluster;

/// <summary>One step of a script: a request, a wait (AWAIT), a watch (WATCH) or a value to keep (SAVE).</summary>
internal sealed record ApiStep(string Title, string Verb, string Argument, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>
/// A case of API calls, one after the other, as in a .http file: comment lines give a step its title, the next line says what
/// to do, then come headers (Show and Type are ours) and the body as YAML.
/// </summary>
internal static partial class ApiScript
{
    public static IReadOnlyList<ApiStep> Parse(string text)
    {
        var steps = new List<ApiStep>();
        var title = "";
        foreach (var block in Blocks(text))
        {
            var lines = block.Split('\n');
            if (lines[0].StartsWith('#'))
            {
                title = lines[0].TrimStart('#', ' ');
                continue;
            }
            var head = lines[0].Split(' ', 2);
            var headers = lines.Skip(1).TakeWhile(l => Header().IsMatch(l)).Select(l => l.Split(": ", 2)).ToDictionary(h => h[0], h => h[1]);
            steps.Add(new ApiStep(title, head[0], head[1].Trim(), headers, string.Join('\n', lines.Skip(1 + headers.Count)).Trim()));
            title = "";
        }
        return steps;
    }

    public static string ToJson(string yaml)
    {
        var value = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize(new StringReader(yaml));
        return new SerializerBuilder().WithMaximumRecursion(250).JsonCompatible().Build().Serialize(value).Trim();
    }

    private static IEnumerable<string> Blocks(string text)
    {
        var block = new List<string>();
        foreach (var line in text.Split('\n'))
        {
            if (Start().IsMatch(line) && block.Count > 0)
            {
                yield return string.Join('\n', block).Trim();
                block.Clear();
            }
            block.Add(line);
        }
        if (string.Join('\n', block).Trim() is { Length: > 0 } last)
        {
            yield return last;
        }
    }

    [GeneratedRegex("^(#|(GET|POST|PUT|PATCH|DELETE|AWAIT|WATCH|SAVE) )")]
    private static partial Regex Start();

    [GeneratedRegex("^(Show|Type|Accept|User-Agent): ")]
    private static partial Regex Header();
}
