using System.Text.Json;

namespace DaprRollouts.Activities.Metrics;

/// <summary>Reads the JSON of metric servers, and turns what is not as expected into an error that shows the answer.</summary>
internal static class AnswerJson
{
    /// <summary>What a reader makes of the body.</summary>
    /// <exception cref="MetricException">The body is not JSON, or not of the shape that the reader expects.</exception>
    public static T Read<T>(MetricAnswer answer, string server, Func<JsonElement, T> read)
    {
        try
        {
            using var json = JsonDocument.Parse(answer.Body);
            return read(json.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or IndexOutOfRangeException or OverflowException)
        {
            throw new MetricException($"{server}: the answer of status {answer.Status} cannot be read: {answer.Excerpt}");
        }
    }

    /// <summary>A member, if the element is an object that has it and it is not null.</summary>
    public static JsonElement? Member(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>The elements of a list; none if there is no list.</summary>
    public static IReadOnlyList<JsonElement> Items(this JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray()] : [];
}
