using System.Text.Json;

namespace DaprRollouts.Executor.Signals;

/// <summary>Reads the JSON that a request brings.</summary>
internal static class JsonBody
{
    /// <summary>The JSON, or what is wrong with it.</summary>
    public static async Task<(JsonElement? Json, string? Error)> ReadAsync(HttpRequest request, CancellationToken cancel)
    {
        try
        {
            return (await JsonSerializer.DeserializeAsync<JsonElement>(request.Body, cancellationToken: cancel), null);
        }
        catch (JsonException e)
        {
            return (null, $"the body is not JSON: {e.Message.Split(" Path:")[0]}");
        }
    }
}
