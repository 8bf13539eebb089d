using System.Text.Json;

namespace DaprRollouts.Core.Analysis.Expressions;

/// <summary>JSON as values of expressions: all numbers are floating point.</summary>
public static class JsonValues
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 1000 };

    /// <summary>The value of a JSON text.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static object? Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Deep);
            return Of(document.RootElement);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw new JsonException("it holds half a character", e);
        }
    }

    /// <exception cref="JsonException">A number is larger than floating point can say.</exception>
    public static object? Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => Members(element),
        JsonValueKind.Array => (object?[])[.. element.EnumerateArray().Select(Of)],
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => element.GetDouble() is var number && double.IsFinite(number) ? number : throw new JsonException($"{element.GetRawText()} is too large a number"),
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
