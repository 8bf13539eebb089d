using System.Text.Json;

namespace DaprRollouts.Kubernetes.Writing;

/// <summary>The API server refused a request.</summary>
public class KubernetesApiException(int statusCode, string reason, string message) : Exception(message)
{
    public int StatusCode => statusCode;

    /// <summary>The reason in the server's answer, such as <c>Conflict</c>; "" if it gave none.</summary>
    public string Reason => reason;

    /// <summary>The exception that fits an answer.</summary>
    /// <param name="statusCode">The HTTP status.</param>
    /// <param name="body">The body, usually a Status object.</param>
    /// <param name="what">What was tried.</param>
    public static KubernetesApiException Of(int statusCode, string? body, string what)
    {
        var (reason, detail) = Parse(body);
        var message = $"{what}: {(detail.Length == 0 ? $"HTTP {statusCode}" : detail)}";
        return (statusCode, reason) switch
        {
            (404, _) => new NotFoundException(reason, message),
            (409, "AlreadyExists") => new AlreadyExistsException(reason, message),
            (409, _) => new ConflictException(reason, message),
            _ => new KubernetesApiException(statusCode, reason, message),
        };
    }

    private static (string Reason, string Detail) Parse(string? body)
    {
        if (string.IsNullOrWhiteSpace(body))
        {
            return ("", "");
        }

        try
        {
            using var json = JsonDocument.Parse(body);
            return (Member(json.RootElement, "reason"), Member(json.RootElement, "message"));
        }
        catch (JsonException)
        {
            return ("", body.Trim()); // a proxy's page, say: shown as it is
        }
    }

    private static string Member(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) ? value.ToString() : "";
}

/// <summary>The object does not exist.</summary>
public sealed class NotFoundException(string reason, string message) : KubernetesApiException(404, reason, message);

/// <summary>The object was changed by somebody else in between.</summary>
public sealed class ConflictException(string reason, string message) : KubernetesApiException(409, reason, message);

/// <summary>An object of that name exists already.</summary>
public sealed class AlreadyExistsException(string reason, string message) : KubernetesApiException(409, reason, message);
