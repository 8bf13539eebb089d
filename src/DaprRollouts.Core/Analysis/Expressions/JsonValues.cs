using System.Text.Json;

namespace DaprRollouts.Core.Analysis.Expressions;

/// <summary>JSON as values of expressions: all numbers are floating point.</summary>
public static class JsonValues
{
    public static object? Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => Members(element),
        JsonValueKind.Array => (object?[])[.. element.EnumerateArray().Select(Of)],
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => element.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    private static Dictionary<string, object?> Members(JsonElement element)
    {
        Dictionary<string, object?> members = [];
        foreach (var member in element.EnumerateObject())
        {
            members[member.Name] = Of(member.Value);
        }

        return members;
    }
}
