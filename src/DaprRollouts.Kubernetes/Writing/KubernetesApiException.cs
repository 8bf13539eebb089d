using System.Text.Json;

namespace DaprRollouts.Kubernetes.Writing;

/// <summary>The API server refused a request, or could not be reached (status 0).</summary>
public class KubernetesApiException(int statusCode, string reason, string message, Exception? cause = null) : Exception(message, cause)
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
        var (reason, detail, problems) = Parse(body);
        var message = $"{what}: {(detail.Length == 0 ? $"HTTP {statusCode}" : detail)}";
        return (statusCode, reason) switch
        {
            (403, _) => new ForbiddenException(reason, message),
            (404, _) => new NotFoundException(reason, message),
            (409, "AlreadyExists") => new AlreadyExistsException(reason, message),
            (409, _) => new ConflictException(reason, message),
            (410, _) => new GoneException(reason, message),
            (422, _) => new InvalidObjectException(reason, message, problems),
            (429, _) => new TooManyRequestsException(reason, message),
            _ => new KubernetesApiException(statusCode, reason, message),
        };
    }

    private static (string Reason, string Detail, IReadOnlyList<string> Problems) Parse(string? body)
    {
        if (string.IsNullOrWhiteSpace(body))
        {
            return ("", "", []);
        }

        try
        {
            using var json = JsonDocument.Parse(body);
            return (Member(json.RootElement, "reason"), Member(json.RootElement, "message"), Causes(json.RootElement));
        }
        catch (JsonException)
        {
            return ("", body.Trim(), []); // a proxy's page, say: shown as it is
        }
    }

    private static IReadOnlyList<string> Causes(JsonElement status) =>
        status.ValueKind == JsonValueKind.Object && status.TryGetProperty("details", out var details) && details.ValueKind == JsonValueKind.Object
            && details.TryGetProperty("causes", out var causes) && causes.ValueKind == JsonValueKind.Array
            ? [.. causes.EnumerateArray().Select(c => $"{Member(c, "field")}: {Member(c, "message")}")]
            : [];

    private static string Member(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) ? value.ToString() : "";
}

/// <summary>The object does not exist.</summary>
public sealed class NotFoundException(string reason, string message) : KubernetesApiException(404, reason, message);

/// <summary>The object was changed by somebody else in between.</summary>
public sealed class ConflictException(string reason, string message) : KubernetesApiException(409, reason, message);

/// <summary>An object of that name exists already.</summary>
public sealed class AlreadyExistsException(string reason, string message) : KubernetesApiException(409, reason, message);

/// <summary>The executor's role lacks a permission, or the namespace is about to go.</summary>
public sealed class ForbiddenException(string reason, string message) : KubernetesApiException(403, reason, message);

/// <summary>The API server has forgotten the state that was asked for.</summary>
public sealed class GoneException(string reason, string message) : KubernetesApiException(410, reason, message);

/// <summary>The object would break a rule of its kind.</summary>
public sealed class InvalidObjectException(string reason, string message, IReadOnlyList<string> problems) : KubernetesApiException(422, reason, message)
{
    /// <summary>Which fields break a rule, and how: <c>path: Invalid value: ...</c>.</summary>
    public IReadOnlyList<string> Problems => problems;
}

/// <summary>Not now: for an eviction, a disruption budget forbids it.</summary>
public sealed class TooManyRequestsException(string reason, string message) : KubernetesApiException(429, reason, message);
