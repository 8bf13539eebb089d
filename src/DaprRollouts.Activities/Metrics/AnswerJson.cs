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

    /// <summary>A member of an object; null if the object or its member is not there, or null.</summary>
    /// <exception cref="InvalidOperationException">The element is something else than an object.</exception>
    public static JsonElement? Member(this JsonElement element, string name) =>
        element.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    /// <summary>The elements of a list; none if the list is not there.</summary>
    /// <exception cref="InvalidOperationException">The element is something else than a list.</exception>
    public static IReadOnlyList<JsonElement> Items(this JsonElement? element) => element is { } list ? [.. list.EnumerateArray()] : [];
}
